import { describe, expect, it } from '@jest/globals';
import { addressSettings, propertiesText } from './kafka-settings.ts';

describe('the settings of the broker', () => {
  it('follow the common ones, so that they outweigh them', () => {
    expect(propertiesText('a=1\n\n', { a: 2, b: true })).toBe('a=1\n\na=2\nb=true\n');
  });

  it('keep a value with a backslash, a line break or another script', () => {
    expect(propertiesText('', { a: 'C:\\x\ny', b: 'é' })).toContain('a=C:\\\\x\\ny\nb=\\u00e9\n');
  });

  it('open no port to other machines', () => {
    const { listeners, 'advertised.listeners': advertised } = addressSettings(1, 2);
    expect([listeners, advertised]).toEqual(['BROKER://127.0.0.1:1,CONTROLLER://127.0.0.1:2', 'BROKER://127.0.0.1:1']);
  });
});
