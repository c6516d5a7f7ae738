import { type Lexicon, list } from "./lexicon.ts";

export const water: Lexicon = {
  who: list(`water engineers, anglers, river wardens, hydrologists, swimmers, flood wardens, water companies, well
    owners, pipe layers, wetland ecologists, dam operators, bathers, lock keepers, drainage engineers, water
    samplers, canoeists, fishery officers, sewage workers, divers, dyke reeves, lake guardians`),
  body: list(`water company, environment agency, river trust, drainage board, flood warning service, dam authority,
    waterworks, canal trust, fisheries office, water laboratory, catchment board, hydrological institute`),
  subject:
    list(`drinking water, flood defences, sewage treatment, rivers, reservoirs, water meters, rainwater,
    wetlands, groundwater, storm drains, leaking pipes, water bills, river restoration, dams, desalination, fish
    passes, rain gardens, lead pipes, bathing water, wells, salmon, water filters, irrigation water, hosepipe bans,
    sluices, flood maps, beaver dams, nitrate limits, aquifers, riverbanks, drinking fountains, water softeners,
    eels, sea walls, pumping stations, greywater, chlorine, estuaries, springs, ponds, algae tests, water towers,
    dykes`),
  problem:
    list(`flooding, drought, sewage spills, a burst main, low reservoir levels, algal blooms, leaking pipes,
    polluted rivers, falling groundwater, storm surges, fish deaths, lead in tap water, a blocked culvert, salt in
    wells, a dam inspection, microplastics, nitrates in groundwater, flash floods, a chemical spill, silted
    channels, invasive mussels, a hosepipe ban, hard water, bank erosion`),
  act: list(`repair leaking pipes, restore wetlands, raise the flood wall, meter every household, clean up the
    river, collect rainwater, ban hosepipes, remove an old weir, test tap water weekly, replace lead pipes, build a
    reservoir, reuse treated sewage, plant reeds along the banks, warn villages of floods, stop sewage spills,
    dredge the river, pump less groundwater, release young salmon, refill the aquifer in winter, let the river
    flood its meadows, open drinking fountains, trace leaks by sound, line the old mains, monitor bathing water,
    deepen the wells, strengthen the dyke`),
  gauge:
    list(`water levels, rainfall, water bills, water use, leakage, reservoir levels, flood warnings, nitrate
    levels, groundwater levels, sewage spills, river flows, fish stocks, bathing water quality, pipe bursts, water
    temperature, salinity, runoff, oxygen levels`),
  where: list(`along the river, at the reservoir, in the flood plain, at the treatment works, on the canal,
    in the catchment, below the dam, in the wetlands, at the pumping station, in the estuary, on the lake,
    in the storm drains`),
};
