import type { Place, Problem } from '../core/problem.ts';
import type { Statement } from '../lang/statement.ts';
import type { Progress, Reply, SessionApi, SessionOptions } from '../session/types.ts';

/**
 * The book as data. Front ends draw it, the gate judges it; nothing here runs anything. All texts are free of control
 * characters (newlines in Markdown apart), so a chapter from a stranger cannot steer a terminal. Places count lines of the chapter's file
 * from 1 and columns from 0.
 */
export interface Chapter {
  /** What progress is keyed by; never a number, so that chapters may move. */
  readonly slug: string;
  /** From the file's name, `NN-name.md`. */
  readonly number: number;
  readonly title: string;
  /** Reading time as the author gives it, exercises included. */
  readonly minutes: number;
  /** One or two sentences for the list of chapters. */
  readonly summary: string;
  readonly file: string;
  /** The first is what stands before the first `##`; it has the chapter's title and level 1. */
  readonly sections: readonly Section[];
}

/** A `##` section: one page, one world. Smaller headings stay in the prose. */
export interface Section {
  /** Unique in the chapter: from the title, or given as `## Title <!-- #slug -->`. */
  readonly slug: string;
  readonly title: string;
  readonly level: 1 | 2;
  /** `1.3`: chapter and section, for people only. The opening section has the chapter's number alone. */
  readonly number: string;
  readonly blocks: readonly PageBlock[];
  /** Ids of fidelity statements that the section claims to show, from comments such as `<!-- S7 -->`. */
  readonly claims: readonly { readonly id: string; readonly at: Place }[];
  readonly at: Place;
}

export type PageBlock = Prose | RunBlock | ExerciseBlock | BrokenBlock;

/** Markdown without the comments, in one piece between two fences that the program understands. Fences of other languages are part of it. */
export interface Prose {
  readonly kind: 'prose';
  readonly markdown: string;
  readonly at: Place;
}

/** A fence `cap` or `cap transcript`: both can be run; the second has recorded output beneath each command. */
export interface RunBlock {
  readonly kind: 'run';
  readonly lines: readonly CommandLine[];
  readonly recorded: boolean;
  readonly at: Place;
}

export interface ExerciseBlock {
  readonly kind: 'exercise';
  readonly exercise: Exercise;
  readonly at: Place;
}

/** A fence that could not be read. It stays in its place so that the rest of the page can be used; its problem is in the chapter's list too. */
export interface BrokenBlock {
  readonly kind: 'broken';
  readonly problem: Problem;
  readonly at: Place;
}

/** One line of the language: any number of statements, none for a comment. */
export interface CommandLine {
  readonly source: string;
  readonly statements: readonly Statement[];
  /** The line in the chapter's file, from 1. */
  readonly line: number;
  /** The column of the file at which `source` begins. Places in `statements` count from `source`. */
  readonly column: number;
  /** Recorded output, in a transcript. */
  readonly output?: readonly string[];
}

export type Exercise = Predict | Do;

interface ExerciseCommon {
  /** Unique in the chapter; progress is keyed by it. */
  readonly slug: string;
  readonly title: string;
  /** Commands that make its world. An exercise has a world of its own: etcd on a b c unless its setup says otherwise. */
  readonly setup: readonly CommandLine[];
  /** What is asked. Markdown. */
  readonly question: string;
  /** From a nudge to nearly the answer. Markdown. */
  readonly hints: readonly string[];
  /** Shown when it is over, however it ended. Markdown. */
  readonly lesson?: string;
  readonly at: Place;
}

/** Answer first, then the simulator decides. No choice is marked as right: it is the one whose statements hold after the run. */
export interface Predict extends ExerciseCommon {
  readonly kind: 'predict';
  /** Run after the setup, when the answer is in. */
  readonly command: readonly CommandLine[];
  readonly choices: readonly Choice[];
  /** Whether to ask how sure the reader is, 50 to 100 percent. */
  readonly confidence: boolean;
}

export interface Choice {
  readonly text: string;
  /** `expect` statements; the choice is right if all of them hold after the command. */
  readonly expects: readonly CommandLine[];
  /** What to say to whoever chose it and was wrong. */
  readonly feedback?: string;
}

/** Reach a goal by any way. */
export interface Do extends ExerciseCommon {
  readonly kind: 'do';
  /** `expect` statements, all of which must hold. Tried on a copy of the reader's world, after each command. */
  readonly goal: readonly CommandLine[];
  readonly solution: readonly CommandLine[];
  /** Other ways, each a solution too. */
  readonly also: readonly (readonly CommandLine[])[];
  readonly near: readonly NearMiss[];
}

/** A likely wrong way, and what it shows about the way one thinks. */
export interface NearMiss {
  readonly commands: readonly CommandLine[];
  /** `expect` statements by which to recognise it, whatever was typed. Without them: its commands were typed, in this order. */
  readonly when: readonly CommandLine[];
  readonly feedback: string;
}

/** A chapter's file, read. Without a chapter its front matter could not be used; with problems, broken blocks stand in their places. */
export interface ChapterReading {
  readonly chapter?: Chapter;
  readonly problems: readonly Problem[];
}

/** How the book gets at a cluster: `openSession` of `commands/index.ts`. The book never passes `files`, so no chapter reaches the disk. */
export type Open = (options: SessionOptions) => SessionApi;

/**
 * Work in slices: `next()` runs about ten milliseconds of it, and the value that ends it is the result. Dropping one half-way is
 * safe for the page's own copies; whoever drops one that works on the reader's session calls `return()`, which takes the command back. A slice yields how far
 * its command has come, where there is one.
 */
export type Task<T> = Generator<Progress | undefined, T, void>;

/** What became of one statement of a block. */
export interface Ran {
  readonly line: CommandLine;
  readonly statement: Statement;
  readonly reply: Reply;
}

/** Told of each statement as it ends, for front ends that show a block line by line. */
export type Heard = (ran: Ran) => void;

/** One statement of a goal or a choice, tried. */
export interface Tried {
  readonly text: string;
  readonly held: boolean;
  /** What there was instead, as `expect` says it. */
  readonly actual?: string;
  /** The statement itself was refused. */
  readonly problem?: Problem;
}
