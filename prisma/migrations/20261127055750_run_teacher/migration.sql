-- AlterTable
ALTER TABLE "run" ADD COLUMN     "teacherVersionId" UUID;

-- CreateIndex
CREATE INDEX "run_teacherVersionId_idx" ON "run"("teacherVersionId");

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_teacherVersionId_fkey" FOREIGN KEY ("teacherVersionId") REFERENCES "model_version"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
