/** Broker settings by name. */
export type KafkaSettings = Record<string, string | number | boolean>;

/** The settings that depend on where this broker runs. It listens on this machine only. */
export const addressSettings = (port: number, controllerPort: number): KafkaSettings => ({
  listeners: `BROKER://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
  'advertised.listeners': `BROKER://127.0.0.1:${port}`,
  'controller.quorum.bootstrap.servers': `127.0.0.1:${controllerPort}`,
  'log.dirs': 'data', // relative to the folder it runs in, which may be moved and may have any name
});

/** The text of a properties file: a later setting outweighs an earlier one of the same name. */
export function propertiesText(common: string, settings: KafkaSettings): string {
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${escapeValue(String(value))}`);
  return `${common.trimEnd()}\n\n${lines.join('\n')}\n`;
}

const escapeValue = (value: string): string =>
  value
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replace(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** How the broker's Java runs: small and quick to start, at the price of peak speed that one machine's share of work never needs. */
export const javaFlags = (logSettings: string): string[] => [
  '-Xmx256m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-XX:+ExitOnOutOfMemoryError', // an end is noticed, half a broker is not
  '-Xlog:disable',
  '-Xlog:all=error:stderr',
  '-Djava.awt.headless=true',
  `-Dlog4j2.configurationFile=${logSettings}`,
];
