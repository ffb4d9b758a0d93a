import { createTheme, type MantineColorsTuple } from '@mantine/core';

const petrol: MantineColorsTuple = [
  '#eaf5f5',
  '#d3e8e9',
  '#a6d1d3',
  '#76b9bd',
  '#4da3a9',
  '#2d8d94',
  '#177a82',
  '#0a5d66',
  '#084b53',
  '#053940',
];

/** Mantine's own parts in our colours; everything else reads tokens.css. */
export const theme = createTheme({
  primaryColor: 'petrol',
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  colors: {
    petrol,
    dark: [
      '#e6edeb',
      '#b0bdba',
      '#8b9a96',
      '#5d6b67',
      '#45544f',
      '#2a3634',
      '#1d2725',
      '#151d1c',
      '#0e1413',
      '#090d0c',
    ],
  },
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--mono)',
  defaultRadius: 'sm',
  cursorType: 'pointer',
  headings: { fontFamily: 'var(--font)', fontWeight: '650' },
  components: {
    // Hints stand under a field, so that the fields of a row begin at one height.
    InputWrapper: { defaultProps: { inputWrapperOrder: ['label', 'input', 'description', 'error'] } },
    Button: { defaultProps: { size: 'xs' } },
    TextInput: { defaultProps: { size: 'xs' } },
    NumberInput: { defaultProps: { size: 'xs' } },
    NativeSelect: { defaultProps: { size: 'xs' } },
    SegmentedControl: { defaultProps: { size: 'xs' } },
    Switch: { defaultProps: { size: 'xs' } },
    Checkbox: { defaultProps: { size: 'xs' } },
    Tooltip: { defaultProps: { openDelay: 250 } },
  },
});
