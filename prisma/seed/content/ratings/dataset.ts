import { encodeCsv } from "../files/csv.ts";
import type { DemoDataset } from "../types.ts";
import {
  CALIBRATION,
  generateRatings,
  ITEMS,
  RATINGS_SEED,
  ratingsPerUser,
  USERS,
  world,
} from "./generate.ts";

const manifestText = `name: ratings
description: Ratings of ${ITEMS} items by ${USERS} users in half stars from 1 to 5, generated
license: CC0-1.0
task: ranking
splits: {file: ratings.csv, column: split}
csv: {delimiter: ",", header: true}
inputs:
  - {to: user, from: user, dtype: int64}
  - {to: item, from: item, dtype: int64}
label: {from: rating, group: user, output: rating}
`;

const { train, tuning, test } = ratingsPerUser;
/** Rounding to steps of s adds a variance of s² / 12 to the noise. */
const floor = Math.sqrt(world.noiseDeviation ** 2 + world.step ** 2 / 12).toFixed(2);

const card = {
  en: `# Ratings

**What.** ${USERS} users rate some of ${ITEMS} items in half stars from 1 to 5. One CSV file with the columns user, item, rating and split; of each user ${train} ratings are for training, ${tuning} for tuning and ${test} for the test, and one each of the first ${CALIBRATION} users for calibration.

**How it was generated.** A rating is an average of ${world.mean} stars, plus how generous the user is, how good the item is, and how well the user's taste matches the item's traits (${world.traits} hidden numbers each), plus noise, rounded to half stars. Popular items are rated more often. The seed is ${RATINGS_SEED}; every machine gets the same bytes.

**What it is good for.** Trying compression of recommenders in seconds. Nobody rated anything.

**Difficulty.** Noise and rounding alone give a root mean square error of about ${floor} stars, which is about the best that any model can reach. A prediction counts as wrong when it is off by more than one star: the baseline should err on 3 to 15 % of the test pairs.

**Licence.** CC0-1.0: no rights reserved.
`,
  zh: `# 评分

**内容。** ${USERS} 位用户对 ${ITEMS} 个物品中的一部分打分，1 至 5 星，以半星为单位。数据是一个 CSV 文件，列为 user、item、rating、split；每位用户有 ${train} 个评分用于训练，${tuning} 个用于调优，${test} 个用于测试，前 ${CALIBRATION} 位用户各有一个评分用于校准。

**生成方式。** 评分等于平均值 ${world.mean} 星，加上用户打分的宽严、物品的好坏、用户口味与物品特征的契合程度（各 ${world.traits} 个隐藏数值），再加噪声，并取整到半星。热门物品被评分的次数更多。种子为 ${RATINGS_SEED}；在任何机器上都得到相同的字节。

**用途。** 在几秒钟内试验推荐模型的压缩。没有任何真人参与打分。

**难度。** 仅噪声和取整就带来约 ${floor} 星的均方根误差；任何模型大致只能做到这个程度。预测偏差超过一星即算错误：基线模型在测试集上的错误率应为 3% 至 15%。

**许可。** CC0-1.0，不保留任何权利。
`,
};

/** Ratings of items by users as CSV. */
export function ratings(): DemoDataset {
  const rows = generateRatings().map(({ user, item, rating, split }) => [user, item, rating, split]);
  return {
    name: "ratings",
    description: {
      en: `Ratings of ${ITEMS} items by ${USERS} users in half stars, drawn from a model of hidden tastes`,
      zh: `${USERS} 位用户对 ${ITEMS} 个物品的半星评分，由隐含口味模型生成`,
    },
    manifestText,
    files: new Map([["ratings.csv", encodeCsv(["user", "item", "rating", "split"], rows)]]),
    card,
  };
}
