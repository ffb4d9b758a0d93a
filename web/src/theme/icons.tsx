import type { ReactNode, SVGProps } from 'react';

function Icon({ children, ...props }: SVGProps<SVGSVGElement> & { children: ReactNode }): ReactNode {
  return (
    <svg
      width="16"
      height="16"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      {...props}
    >
      {children}
    </svg>
  );
}

/** The two branches and the distribution they fuse to. */
export function Mark(): ReactNode {
  return (
    <svg width="26" height="26" viewBox="0 0 26 26" aria-hidden="true">
      <path
        d="M3 6 C9 6 10 13 15 13"
        fill="none"
        stroke="var(--distribution-label)"
        strokeWidth="3"
        strokeLinecap="round"
      />
      <path
        d="M3 20 C9 20 10 13 15 13"
        fill="none"
        stroke="var(--distribution-class)"
        strokeWidth="3"
        strokeLinecap="round"
      />
      <path d="M15 13 H18" stroke="var(--distribution-fused)" strokeWidth="3" strokeLinecap="round" />
      <circle cx="21.5" cy="13" r="3" fill="var(--distribution-target)" />
    </svg>
  );
}

export const SunIcon = (): ReactNode => (
  <Icon>
    <circle cx="8" cy="8" r="3" />
    <path d="M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1" />
  </Icon>
);
export const MoonIcon = (): ReactNode => (
  <Icon>
    <path d="M13.5 9.5A6 6 0 0 1 6.5 2.5a6 6 0 1 0 7 7z" />
  </Icon>
);
export const PlayIcon = (): ReactNode => (
  <Icon>
    <path d="M4.5 2.5v11l9-5.5z" fill="currentColor" />
  </Icon>
);
export const StopIcon = (): ReactNode => (
  <Icon>
    <rect x="3.5" y="3.5" width="9" height="9" rx="1" fill="currentColor" />
  </Icon>
);
export const BackIcon = (): ReactNode => (
  <Icon>
    <path d="M10 3 5 8l5 5" />
  </Icon>
);
export const NextIcon = (): ReactNode => (
  <Icon>
    <path d="m6 3 5 5-5 5" />
  </Icon>
);
export const RetryIcon = (): ReactNode => (
  <Icon>
    <path d="M13 8a5 5 0 1 1-1.6-3.7M13 2v3h-3" />
  </Icon>
);
export const SearchIcon = (): ReactNode => (
  <Icon>
    <circle cx="7" cy="7" r="4" />
    <path d="m10 10 4 4" />
  </Icon>
);
export const CloseIcon = (): ReactNode => (
  <Icon>
    <path d="m4 4 8 8M12 4l-8 8" />
  </Icon>
);
export const DownloadIcon = (): ReactNode => (
  <Icon>
    <path d="M8 2v8M4.5 7 8 10.5 11.5 7M3 13.5h10" />
  </Icon>
);

export function PersonIcon(): ReactNode {
  return (
    <Icon>
      <circle cx="8" cy="5" r="3" />
      <path d="M2.5 14 C3 10.5 5.5 9.5 8 9.5 S13 10.5 13.5 14" />
    </Icon>
  );
}

export function StarIcon(): ReactNode {
  return (
    <Icon>
      <path d="m8 2 1.8 3.8 4.2.5-3.1 2.9.8 4.1L8 11.3l-3.7 2 .8-4.1L2 6.3l4.2-.5z" />
    </Icon>
  );
}
