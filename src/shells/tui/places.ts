import type { Chapter, Exercise } from '../../book/types.ts';
import { Problem } from '../../core/problem.ts';
import { didYouMean } from '../../core/suggest.ts';
import { clip } from '../../core/units.ts';
import type { Place } from './book-state.ts';

export interface Found {
  readonly place: Place;
  readonly exercise?: Exercise;
}

interface Named extends Found {
  readonly names: readonly string[];
}

/** Everything that can be opened, with the names by which it may be called: slugs above all, numbers and files too. */
function named(chapters: readonly Chapter[]): readonly Named[] {
  return chapters.flatMap((chapter, c) => {
    const file = chapter.file.replace(/^.*[/\\]/, '').replace(/\.md$/, '');
    const own = [chapter.slug, file, file.replace(/^\d+-/, ''), String(chapter.number)];
    const within = (name: string): readonly string[] => own.map((prefix) => `${prefix}/${name}`);
    return chapter.sections.flatMap((section, s): readonly Named[] => {
      const place = { chapter: c, section: s };
      const names = s === 0 ? own : [...within(section.slug), section.slug, section.number, ...within(section.number)];
      const exercises = section.blocks.flatMap((block) => (block.kind === 'exercise' ? [block.exercise] : []));
      return [
        { place, names },
        ...exercises.map((exercise, i) => ({
          place,
          exercise,
          names: [...within(exercise.slug), exercise.slug, `${section.number}.${i + 1}`],
        })),
      ];
    });
  });
}

/** Where `learn WORD` leads: a chapter, a section or an exercise, by slug, number or file. */
export function findPlace(chapters: readonly Chapter[], word: string): Found | Problem {
  const wanted = word
    .trim()
    .toLowerCase()
    .replace(/\.md$/, '')
    .replace(/\/$/, '')
    .replace(/^.*[/\\](?=\d+-[^/\\]*$)/, '');
  const all = named(chapters);
  for (const { names, ...found } of all) if (names.some((name) => name.toLowerCase() === wanted)) return found;
  const near = didYouMean(
    wanted,
    all.flatMap(({ names }) => names),
  );
  const remedy = near === undefined ? `the chapters are ${chapters.map(({ slug }) => slug).join(', ')}` : `did you mean ${near}?`;
  return new Problem(`there is no chapter, section or exercise "${clip(word)}"`, remedy);
}

/** Where the reader stopped; the beginning, where that is gone. */
export function lastPlace(chapters: readonly Chapter[], at: { readonly chapter: string; readonly section: string } | undefined): Place {
  const chapter = chapters.findIndex(({ slug }) => slug === at?.chapter);
  const section = chapters[chapter]?.sections.findIndex(({ slug }) => slug === at?.section) ?? -1;
  return { chapter: Math.max(0, chapter), section: Math.max(0, section) };
}
