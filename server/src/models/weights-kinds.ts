import { registerEnumType } from 'type-graphql';

export enum ModelKind {
  ADA_DF = 'ADA_DF',
  BACKBONE = 'BACKBONE',
}
registerEnumType(ModelKind, {
  name: 'ModelKind',
  description:
    'ADA_DF: a whole two-branch network, which predicts. BACKBONE: stem and layer1 to layer4 of a ResNet, pretrained elsewhere, which a training may start from.',
});

export enum WeightsFormat {
  PYTORCH = 'PYTORCH',
  SAFETENSORS = 'SAFETENSORS',
}
registerEnumType(WeightsFormat, {
  name: 'WeightsFormat',
  description: 'PYTORCH: what `torch.save` writes (.pth, .pth.tar, .pt). SAFETENSORS: .safetensors.',
});
