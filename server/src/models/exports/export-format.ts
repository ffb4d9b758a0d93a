import { registerEnumType } from 'type-graphql';

export enum ExportFormat {
  SAFETENSORS = 'SAFETENSORS',
  PYTORCH = 'PYTORCH',
  ONNX_NHWC = 'ONNX_NHWC',
  ONNX_NCHW = 'ONNX_NCHW',
}
registerEnumType(ExportFormat, {
  name: 'ExportFormat',
  description: 'What a checkpoint can be downloaded as.',
  valuesConfig: {
    SAFETENSORS: {
      description:
        "This platform's names, convolutions `[out, in, kh, kw]`; classes, input size and class distributions with it. Reads back by `importModel`.",
    },
    PYTORCH: {
      description:
        "`.pth.tar` of the authors' code, for `torch.load`: `state_dict` with their names, `epoch` (the next one), `class_distributions`. Reads back by `importModel`.",
    },
    ONNX_NHWC: { description: 'The whole network in evaluation mode, opset 18. Input `images` `[N, H, W, 3]`.' },
    ONNX_NCHW: { description: 'The same with input `images` `[N, 3, H, W]`, as PyTorch has it.' },
  },
});

/** In the URL, and what the file is called. */
export const exportNames: Record<ExportFormat, { slug: string; extension: string }> = {
  [ExportFormat.SAFETENSORS]: { slug: 'safetensors', extension: 'safetensors' },
  [ExportFormat.PYTORCH]: { slug: 'pytorch', extension: 'pth.tar' },
  [ExportFormat.ONNX_NHWC]: { slug: 'onnx-nhwc', extension: 'nhwc.onnx' },
  [ExportFormat.ONNX_NCHW]: { slug: 'onnx-nchw', extension: 'nchw.onnx' },
};

export const formatOfSlug = (slug: string): ExportFormat | undefined =>
  Object.values(ExportFormat).find((format) => exportNames[format].slug === slug);
