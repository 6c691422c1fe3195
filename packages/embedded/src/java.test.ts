import { describe, expect, it } from '@jest/globals';
import { majorVersion, parseJavaVersion } from './java.ts';

describe('the version of a Java', () => {
  it.each([
    ['openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime Environment (build 17.0.15+6)', '17.0.15', 17],
    ['java version "1.8.0_402"\nJava(TM) SE Runtime Environment', '1.8.0_402', 8],
    ['openjdk version "25-ea" 2025-09-16', '25-ea', 25],
    ['Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nopenjdk version "21" 2023-09-19', '21', 21],
  ])('is read from what it prints: %j', (output, version, major) => {
    expect(parseJavaVersion(output)).toBe(version);
    expect(majorVersion(version)).toBe(major);
  });

  it('is undefined for what is no Java', () => {
    expect(parseJavaVersion('The operation couldn’t be completed. Unable to locate a Java Runtime.')).toBeUndefined();
  });
});
