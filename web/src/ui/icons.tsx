/** Drawings of one line, as large as the text beside them. */

import type { ReactNode } from "react";

function Icon({ children }: { children: ReactNode }): ReactNode {
  return (
    <svg viewBox="0 0 24 24" className="icon" aria-hidden="true">
      {children}
    </svg>
  );
}

export const Undo = (): ReactNode => (
  <Icon>
    <path d="M9 5 4 10l5 5M4 10h10a6 6 0 0 1 0 12h-3" transform="translate(0 -2)" />
  </Icon>
);

export const Redo = (): ReactNode => (
  <Icon>
    <path d="m15 5 5 5-5 5m5-5H10a6 6 0 0 0 0 12h3" transform="translate(0 -2)" />
  </Icon>
);

export const Reset = (): ReactNode => (
  <Icon>
    <path d="M4 4v6h6M4.6 15a8 8 0 1 0 1-8.6L4 10" />
  </Icon>
);

export const Plus = (): ReactNode => (
  <Icon>
    <path d="M12 5v14M5 12h14" />
  </Icon>
);

export const Minus = (): ReactNode => (
  <Icon>
    <path d="M5 12h14" />
  </Icon>
);

export const Fit = (): ReactNode => (
  <Icon>
    <path d="M4 9V4h5m6 0h5v5m0 6v5h-5m-6 0H4v-5" />
  </Icon>
);

export const Cross = (): ReactNode => (
  <Icon>
    <path d="m6 6 12 12M18 6 6 18" />
  </Icon>
);

export const Down = (): ReactNode => (
  <Icon>
    <path d="m6 9 6 6 6-6" />
  </Icon>
);

export const Save = (): ReactNode => (
  <Icon>
    <path d="M12 4v11m-5-5 5 5 5-5M5 20h14" />
  </Icon>
);

export const Camera = (): ReactNode => (
  <Icon>
    <path d="M4 8h4l2-3h4l2 3h4v11H4z" />
    <circle cx="12" cy="13" r="3.5" />
  </Icon>
);

export const Lock = (): ReactNode => (
  <Icon>
    <path d="M6 11h12v9H6zM8.5 11V7.5a3.5 3.5 0 0 1 7 0V11" />
  </Icon>
);

export const Cloud = (): ReactNode => (
  <Icon>
    <path d="M7 18h10a4 4 0 0 0 .6-8 6 6 0 0 0-11.4-.4A4.2 4.2 0 0 0 7 18z" />
  </Icon>
);

export const Before = (): ReactNode => (
  <Icon>
    <path d="M12 3v18M4 6h8v12H4z" />
    <path d="M12 6h8v12h-8" opacity=".45" />
  </Icon>
);

export const Arrows = (): ReactNode => (
  <Icon>
    <path d="m9 7-5 5 5 5m6-10 5 5-5 5" />
  </Icon>
);
