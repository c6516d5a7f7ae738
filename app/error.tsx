"use client";

import { ErrorPage, type ErrorPageProps } from "#components/shell/error-page.tsx";
import { PublicFrame } from "#components/shell/public-frame.tsx";

/** For what fails outside the other frames, the frames themselves among them. */
export default function RootError(props: ErrorPageProps) {
  return (
    <PublicFrame isQuiet>
      <ErrorPage {...props} />
    </PublicFrame>
  );
}
