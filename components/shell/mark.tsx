/** The mark of Parsimony: a P that is a leaf. */
export function Mark({ size = 22 }: { size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 32 32"
      aria-hidden="true"
      focusable="false"
      style={{ flex: "none" }}
    >
      <rect width="32" height="32" rx="8" fill="var(--app-accent)" />
      <path
        d="M10 26V14.5C10 9.8 13.8 6 18.5 6H24v5.5C24 16.2 20.2 20 15.5 20H14"
        fill="none"
        stroke="var(--app-on-accent)"
        strokeWidth="3"
        strokeLinejoin="round"
        strokeLinecap="round"
      />
      <path
        d="M10 20.5 18 12"
        fill="none"
        stroke="var(--app-on-accent)"
        strokeWidth="2.4"
        strokeLinecap="round"
      />
    </svg>
  );
}
