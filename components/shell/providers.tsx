"use client";

import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import type { ReactNode } from "react";
import { ApiProvider } from "#components/api/provider.tsx";
import { schemeKey } from "#components/theme/scheme.ts";
import { cssVariables, theme } from "#components/theme/theme.ts";
import { ZoneCookie } from "./zone-cookie.tsx";

const schemeManager = localStorageColorSchemeManager({ key: schemeKey });

/** What every page needs around it: look, data, messages to the reader. */
export function Providers({ children }: { children: ReactNode }) {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      colorSchemeManager={schemeManager}
      deduplicateInlineStyles
    >
      <Notifications position="bottom-right" limit={4} autoClose={8_000} />
      <ZoneCookie />
      <ApiProvider>{children}</ApiProvider>
    </MantineProvider>
  );
}
