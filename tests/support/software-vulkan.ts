import { existsSync, globSync } from 'node:fs';
import os from 'node:os';

/**
 * Where Debian's chromium-common and others put SwiftShader, a Vulkan driver that computes on the processor, and a
 * Vulkan loader.
 */
const DIRECTORIES = [
  '/usr/lib/chromium',
  '/usr/lib64/chromium-browser',
  '/opt/google/chrome',
  '/usr/lib/chromium-browser',
];
const RTLD_NODELETE = 0x1000;

/**
 * Makes SwiftShader this process's Vulkan driver, if it is installed. Call it before an engine starts.
 * @returns undefined, or why WebGPU cannot be tested here.
 */
export function useSoftwareVulkan(): string | undefined {
  const driver = DIRECTORIES.flatMap((directory) => globSync(`${directory}/vk_swiftshader_icd.json`))[0];
  if (driver === undefined) return 'no SwiftShader here (Debian: chromium-common)';
  process.env['VK_DRIVER_FILES'] = process.env['VK_ICD_FILENAMES'] = driver;
  const loaders = [
    'libvulkan.so.1',
    ...DIRECTORIES.map((directory) => `${directory}/libvulkan.so.1`).filter((file) => existsSync(file)),
  ];
  return loaders.some(loads) ? undefined : 'no Vulkan loader here (Debian: libvulkan1)';
}

/** Keeps the library loaded, so that Dawn finds it under its name wherever it lies. */
function loads(library: string): boolean {
  try {
    process.dlopen({ exports: {} }, library, os.constants.dlopen.RTLD_NOW | RTLD_NODELETE);
  } catch (error) {
    return String(error).includes('did not self-register');
  }
  return true;
}
