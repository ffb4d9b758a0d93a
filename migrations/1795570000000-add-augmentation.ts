import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What runs from before there was a choice did: at most flips, and one view of each test image. The numbers of
 * RandAugment say nothing about them.
 */
const before = {
  randAugmentOperations: 3,
  randAugmentMagnitude: 5,
  randAugmentDeviation: 0.5,
  erasingProbability: 0.5,
  testTimeCrops: 'NONE',
};

export class AddAugmentation1795570000000 implements MigrationInterface {
  name = 'AddAugmentation1795570000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`UPDATE "training_run" SET "configuration" = "configuration" || $1::jsonb`, [
      JSON.stringify(before),
    ]);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`UPDATE "training_run" SET "configuration" = "configuration" - $1::text[]`, [
      Object.keys(before),
    ]);
  }
}
