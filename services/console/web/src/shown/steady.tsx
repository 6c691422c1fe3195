import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react';

/** A place in which one thing comes instead of another, which `of` names: it is never lower than what stood there before, so nothing beneath it moves. */
export function Steady({ of, children }: { of: string; children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  const size = useRef({ width: 0, height: 0 });
  useEffect(() => {
    const box = place.current;
    if (box === null) return;
    const observer = new ResizeObserver(() => {
      if (box.offsetWidth !== size.current.width) box.style.minBlockSize = ''; // turned or zoomed: what it was in another width means nothing
      size.current = { width: box.offsetWidth, height: box.offsetHeight };
    });
    observer.observe(box);
    return () => observer.disconnect();
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what stood there is measured up to where another thing comes
  useLayoutEffect(() => {
    if (place.current !== null && size.current.height > 0) place.current.style.minBlockSize = `${size.current.height}px`;
  }, [of]);
  return <div ref={place}>{children}</div>;
}
