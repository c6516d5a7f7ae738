import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from "@mantine/core";

/** Shade 7 carries white text, shade 4 black text, both at more than 4.5 : 1. */
const green: MantineColorsTuple = [
  "#eaf4ee",
  "#d3e8dc",
  "#a6d3ba",
  "#7bc29b",
  "#5bbd88",
  "#35925f",
  "#22794b",
  "#17623f",
  "#114d31",
  "#0b3823",
];

/** Warm greys; 6 is the weakest that carries text on any light surface. */
const gray: MantineColorsTuple = [
  "#f8f8f5",
  "#f2f2ee",
  "#e7e7e2",
  "#dcdcd6",
  "#c8c9c2",
  "#9fa19a",
  "#63665f",
  "#4c4f49",
  "#343632",
  "#1b1d1a",
];

const dark: MantineColorsTuple = [
  "#e8e9e5",
  "#c9cbc5",
  "#a0a39c",
  "#7c7f78",
  "#3b3f3b",
  "#2d302d",
  "#1f221f",
  "#161816",
  "#101210",
  "#0a0c0a",
];

const sans =
  '-apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "PingFang SC", "Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei", Arial, sans-serif, "Apple Color Emoji", "Segoe UI Emoji"';
const mono =
  'ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "Noto Sans Mono", "Liberation Mono", "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", monospace';

/** The accent's text colours differ by scheme, which Mantine's own rule cannot say; so they are our variables. */
const variantColorResolver: VariantColorsResolver = (input) => {
  const own = defaultVariantColorsResolver(input);
  const isAccent = input.color === undefined || input.color === "green";
  if (isAccent && input.variant === "filled") return { ...own, color: "var(--app-on-accent)" };
  if (
    isAccent &&
    (input.variant === "light" || input.variant === "subtle" || input.variant === "transparent")
  ) {
    // Mantine's own colour under the pointer is too near to that of the text.
    const hover = input.variant === "subtle" ? "var(--app-accent-soft)" : own.hover;
    return { ...own, hover, color: "var(--app-accent-text)" };
  }
  if (input.color === "red" && input.variant === "filled") {
    return { ...own, background: "#b42318", hover: "#931c13", color: "#ffffff" };
  }
  if (
    input.color === "red" &&
    (input.variant === "light" || input.variant === "subtle" || input.variant === "transparent")
  ) {
    return { ...own, color: "var(--app-worse)" };
  }
  return own;
};

export const theme = createTheme({
  primaryColor: "green",
  primaryShade: { light: 7, dark: 4 },
  colors: { green, gray, dark },
  black: "#1b1d1a",
  fontFamily: sans,
  fontFamilyMonospace: mono,
  fontSizes: { xs: "0.75rem", sm: "0.875rem", md: "0.875rem", lg: "1rem", xl: "1.25rem" },
  lineHeights: { xs: "1.4", sm: "1.45", md: "1.5", lg: "1.5", xl: "1.4" },
  spacing: { xs: "0.5rem", sm: "0.75rem", md: "1rem", lg: "1.25rem", xl: "2rem" },
  radius: { xs: "4px", sm: "6px", md: "8px", lg: "8px", xl: "12px" },
  defaultRadius: "sm",
  shadows: {
    xs: "0 1px 2px rgb(20 24 20 / 6%)",
    sm: "0 1px 2px rgb(20 24 20 / 6%)",
    md: "0 4px 16px rgb(20 24 20 / 10%)",
    lg: "0 8px 28px rgb(20 24 20 / 14%)",
    xl: "0 12px 40px rgb(20 24 20 / 18%)",
  },
  headings: {
    fontWeight: "650",
    textWrap: "pretty",
    sizes: {
      h1: { fontSize: "1.375rem", lineHeight: "1.3" },
      h2: { fontSize: "1.125rem", lineHeight: "1.35" },
      h3: { fontSize: "0.9375rem", lineHeight: "1.4" },
      h4: { fontSize: "0.875rem", lineHeight: "1.4" },
      h5: { fontSize: "0.875rem", lineHeight: "1.4" },
      h6: { fontSize: "0.75rem", lineHeight: "1.4" },
    },
  },
  respectReducedMotion: true,
  cursorType: "pointer",
  focusRing: "auto",
  variantColorResolver,
  components: {
    ActionIcon: { defaultProps: { variant: "subtle", color: "gray" } },
    Anchor: { defaultProps: { underline: "hover" } },
    Badge: {
      defaultProps: { variant: "light", radius: "xl" },
      styles: { label: { textTransform: "none", fontWeight: 500 } },
    },
    Checkbox: { defaultProps: { radius: "xs" } },
    Modal: {
      // A dialog's <header> would be a second banner of the page.
      defaultProps: { centered: true, radius: "md", attributes: { header: { role: "presentation" } } },
      styles: { title: { fontWeight: 650, fontSize: "1rem" } },
    },
    InputWrapper: { styles: { label: { marginBottom: 4 }, description: { marginBottom: 4 } } },
    Menu: { defaultProps: { shadow: "md", radius: "md", offset: 4 } },
    Paper: { defaultProps: { radius: "md" } },
    Select: { defaultProps: { allowDeselect: false, checkIconPosition: "right" } },
    Tooltip: {
      defaultProps: {
        withArrow: true,
        multiline: true,
        maw: 320,
        openDelay: 200,
        events: { hover: true, focus: true, touch: true },
      },
    },
  },
});

/** Surfaces and text of both schemes; see app/global.css for the rest of the tokens. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-body": "#fcfcfa",
    "--mantine-color-text": "#1b1d1a",
    "--mantine-color-dimmed": "#63665f",
    "--mantine-color-placeholder": "#6d7069",
    "--mantine-color-default-border": "#dcdcd6",
    "--mantine-color-anchor": "#17623f",
    "--mantine-color-error": "#b42318",
  },
  dark: {
    "--mantine-color-body": "#161816",
    "--mantine-color-text": "#e8e9e5",
    "--mantine-color-dimmed": "#a0a39c",
    "--mantine-color-placeholder": "#8f928b",
    "--mantine-color-default": "#1f221f",
    "--mantine-color-default-hover": "#272b27",
    "--mantine-color-default-border": "#363a36",
    "--mantine-color-anchor": "#5bbd88",
    "--mantine-color-error": "#f08d80",
  },
});
