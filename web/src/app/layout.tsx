import '@mantine/core/styles.css';
import '../theme/tokens.css';
import '../theme/plots.css';
import { ColorSchemeScript, MantineProvider, mantineHtmlProps } from '@mantine/core';
import type { Metadata, Viewport } from 'next';
import { headers } from 'next/headers';
import { Suspense, type ReactNode } from 'react';
import { GraphqlProvider } from '../graphql/provider';
import { CommandPalettePanel } from '../panels/command-palette/command-palette-panel';
import { ConnectionPanel } from '../panels/connection/connection-panel';
import { SavedViewsPanel } from '../panels/saved-views/saved-views-panel';
import { Shell } from '../panels/shell/shell-panel';
import { WrongAddressPanel } from '../panels/wrong-address/wrong-address-panel';
import { Loading } from '../theme/states';
import { theme } from '../theme/theme';

export const metadata: Metadata = {
  description: 'Train, explain and repair Ada-DF models of ambiguous facial expressions',
};

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#ffffff' },
    { media: '(prefers-color-scheme: dark)', color: '#151d1c' },
  ],
};

/** Each page is made for its request: its scripts carry the nonce that the server's policy names. */
export default async function RootLayout({ children }: { children: ReactNode }): Promise<ReactNode> {
  const notice = (
    <>
      <ConnectionPanel />
      <Suspense>
        <WrongAddressPanel />
      </Suspense>
    </>
  );
  const nonce = (await headers()).get('x-nonce') ?? undefined;
  return (
    <html lang="en" {...mantineHtmlProps}>
      <head>
        <ColorSchemeScript nonce={nonce} defaultColorScheme="auto" />
      </head>
      <body>
        <MantineProvider theme={theme} defaultColorScheme="auto">
          <GraphqlProvider>
            <Shell palette={<CommandPalettePanel />} views={<SavedViewsPanel />} notice={notice}>
              <Suspense fallback={<Loading height={320} />}>{children}</Suspense>
            </Shell>
          </GraphqlProvider>
        </MantineProvider>
      </body>
    </html>
  );
}
