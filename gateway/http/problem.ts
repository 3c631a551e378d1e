/** An answer that refuses: what happened, what is allowed, what to do next. Everything else thrown is a bug. */

export interface ProblemText {
  what: string;
  allowed: string;
  next: string;
}

export class Problem extends Error {
  readonly status: number;
  readonly text: ProblemText;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, text: ProblemText, headers: Readonly<Record<string, string>> = {}) {
    super(text.what);
    this.name = 'Problem';
    this.status = status;
    this.text = text;
    this.headers = headers;
  }
}

export const SEE_DOCS = 'see docs/page.md for what there is';
