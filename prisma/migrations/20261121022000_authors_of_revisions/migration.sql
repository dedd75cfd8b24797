-- AlterTable
ALTER TABLE "slo_revision" ADD COLUMN     "person_id" TEXT;
