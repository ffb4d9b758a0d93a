'use client';
import { useComputedColorScheme } from '@mantine/core';

/** 'light' or 'dark' as shown: canvases draw anew when it changes. */
export function useScheme(): 'light' | 'dark' {
  return useComputedColorScheme('light', { getInitialValueInEffect: true });
}
