import Link from "next/link";
import type { ReactNode } from "react";
import ReactMarkdown, { type Components } from "react-markdown";
import remarkGfm from "remark-gfm";
import styles from "./markdown.module.css";

const isOwn = (href: string) => href.startsWith("/") && !href.startsWith("//");

/** A link inside the product stays inside; another one opens apart and learns nothing of where it came from. */
function MarkdownLink({ href = "", children }: { href?: string; children?: ReactNode }) {
  if (isOwn(href)) return <Link href={href}>{children}</Link>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow ugc">
      {children}
    </a>
  );
}

const components: Components = {
  a: ({ href, children }) => <MarkdownLink href={href}>{children}</MarkdownLink>,
  // The page's own headings come first: a text starts one level below a panel's title.
  h1: ({ children }) => <h3>{children}</h3>,
  h2: ({ children }) => <h4>{children}</h4>,
  h3: ({ children }) => <h5>{children}</h5>,
};

/**
 * Markdown (GitHub's dialect) written by people. HTML in it is shown as text, links have safe protocols only, and
 * pictures are left out: one from elsewhere would tell its server who reads.
 */
export function Markdown({ children }: { children: string }) {
  return (
    <div className={styles.markdown}>
      <ReactMarkdown remarkPlugins={[remarkGfm]} components={components} disallowedElements={["img"]}>
        {children}
      </ReactMarkdown>
    </div>
  );
}
