import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Collations that know the letters of every script, wherever the database was made; the first that is there. */
const collations = ['pg_unicode_fast', 'pg_c_utf8', 'und-x-icu', 'C.utf8'];

/**
 * Definitions of measures were mended (correctness, forgetting events, suspects, ranges): rows by the old ones are
 * computed again when they are next asked for. `fold_case` makes text comparable whatever the locale of the database
 * is: `É` finds `é`, composed or not.
 */
export class MendMeasures1795579300000 implements MigrationInterface {
  name = 'MendMeasures1795579300000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('UPDATE "sample_analysis" SET "aum" = NULL');
    await queryRunner.query('DELETE FROM "past_analysis"');
    const found: { collname: string }[] = await queryRunner.query(
      'SELECT collname FROM pg_collation WHERE collname = ANY($1::text[]) AND collencoding IN (-1, pg_char_to_encoding(getdatabaseencoding())) ORDER BY array_position($1::text[], collname::text) LIMIT 1',
      [collations],
    );
    const collation = found[0] ? ` COLLATE "${found[0].collname}"` : '';
    const [{ encoding }] = (await queryRunner.query("SELECT current_setting('server_encoding') AS encoding")) as [
      { encoding: string },
    ];
    const composed = encoding === 'UTF8' ? 'normalize($1, NFC)' : '$1';
    await queryRunner.query(
      `CREATE FUNCTION fold_case(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT lower(${composed}${collation}) COLLATE "default" $$`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP FUNCTION fold_case(text)');
  }
}
