import { linksIn } from './links-in.ts';

/** What somebody wrote, line by line as they wrote it, each in the direction in which it reads; addresses in it are links that tell nobody where they were opened. */
export const Written = ({ children }: { children: string }) => (
  <p className="written">
    {numbered(children.split('\n')).map(([row, line]) => (
      <bdi key={row}>
        {numbered(linksIn(line)).map(([place, { text, href }]) =>
          href === null ? (
            text
          ) : (
            <a key={place} href={href} target="_blank" rel="noopener noreferrer">
              {text}
            </a>
          ),
        )}
      </bdi>
    ))}
  </p>
);

/** Each with its place, which is all that tells it from others alike. */
const numbered = <Item,>(items: readonly Item[]): [number, Item][] => items.map((item, i) => [i, item]);
