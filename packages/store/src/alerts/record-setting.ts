import type { Tx } from '../database.ts';

/** A rule or route as somebody set it; null: took it away. */
type Recorded = {
  readonly kind: 'rule' | 'route';
  readonly name: string;
  readonly version: number;
  readonly setting: unknown;
  readonly actor: string;
  readonly at: Date;
};

/** Keeps on record who set or took away what, with the change itself. `setting` holds no secret. */
export async function recordSetting(tx: Tx, { kind, name, version, setting, actor, at }: Recorded): Promise<void> {
  await tx.query('insert into alert_setting (kind, name, version, setting, actor, set_at) values ($1, $2, $3, $4, $5, $6)', [
    ...[kind, name, version, setting === null ? null : JSON.stringify(setting), actor, at],
  ]);
}
