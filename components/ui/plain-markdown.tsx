import ReactMarkdown from "react-markdown";
import remarkGfm from "remark-gfm";

/** The words of a Markdown text without its marks, in one run: for lists, where a heading or a link would be in the way. */
export function PlainMarkdown({ children }: { children: string }) {
  return (
    <ReactMarkdown remarkPlugins={[remarkGfm]} allowedElements={[]} unwrapDisallowed>
      {children}
    </ReactMarkdown>
  );
}
