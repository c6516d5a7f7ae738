import { type Lexicon, list } from "./lexicon.ts";

export const agriculture: Lexicon = {
  who: list(`farmers, dairy farmers, growers, crop scientists, farm workers, sheep farmers, orchard owners,
    beekeepers, seed breeders, grain traders, tenant farmers, vets, wine makers, hill farmers, agronomists,
    poultry keepers, soil scientists, potato growers, land agents, greenhouse managers, shepherds`),
  body: list(`farmers' union, growers' cooperative, agriculture ministry, seed bank, livestock market,
    agricultural show, grain board, farm advisory service, rural payments agency, dairy cooperative, plant
    health service`),
  subject:
    list(`wheat, milk, crop rotation, cover crops, fertiliser, farm machinery, drip irrigation, livestock,
    barley, organic vegetables, seed potatoes, tractors, oilseed rape, pasture, hedgerows, manure, apples,
    free-range eggs, winter wheat, animal feed, wild pollinators, beef cattle, precision sowing, biological pest
    control, maize, silage, sugar beet, farm subsidies, lambs, strawberries, herbicides, soil carbon, compost,
    combine harvesters, goats, lentils, weather-proof barns, milking robots, field drones, agroforestry, hops,
    vineyards, sowing dates, crop insurance, pumpkins, sunflower seed`),
  problem: list(`crop failure, late frost, soil erosion, falling milk prices, bird flu, potato blight, a poor
    harvest, a shortage of pickers, waterlogged fields, fertiliser costs, foot rot, a locust swarm, weed
    resistance, hail damage, a dry spring, rust in wheat, sheep worrying, fodder shortages, swine fever, mildew,
    compacted soil, vine disease, stolen machinery, slug damage`),
  act: list(`plant trees along field margins, harvest early, cut the use of pesticides, vaccinate calves, rotate
    crops, sow wildflower strips, restore hedgerows, feed cattle on grass, store grain on the farm, share
    machinery, test the soil each spring, sell vegetables direct from the farm, breed hardier wheat, graze sheep
    on stubble, spread less slurry, plough less, dry hay indoors, keep bees beside the orchards, grow beans
    between cereals, map weeds with drones, lease idle land, prune vines by hand, delay sowing, net the cherry
    trees, measure methane from cows, mill flour locally`),
  gauge:
    list(`harvests, milk yields, wheat prices, yields per hectare, fertiliser use, farm incomes, lamb prices,
    pesticide sales, herd sizes, land rents, egg output, seed orders, soil fertility, barley exports, orchard
    area, feed prices, grain stocks, farm-gate prices`),
  where: list(`on upland farms, at the livestock market, in the orchards, on arable land, in the greenhouse,
    at the county show, in the grain belt, on smallholdings, in the milking parlour, across the wheat fields,
    on the experimental farm, in the barn`),
};
