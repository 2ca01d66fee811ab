// The published types of marked-terminal belong to its version 6 and bring a second, older marked with them.
declare module 'marked-terminal' {
  import type { MarkedExtension } from 'marked';

  type Style = (text: string) => string;

  export interface TerminalRendererOptions {
    code?: Style;
    codespan?: Style;
    strong?: Style;
    em?: Style;
    del?: Style;
    emoji?: boolean;
    reflowText?: boolean;
    showSectionPrefix?: boolean;
    tab?: number;
    width?: number;
  }

  export function markedTerminal(options?: TerminalRendererOptions): MarkedExtension;
}
