import { type Lexicon, list } from "./lexicon.ts";

export const housing: Lexicon = {
  who: list(`tenants, landlords, home owners, builders, architects, first-time buyers, estate agents, housing
    officers, residents, town planners, carpenters, roofers, surveyors, property developers, bricklayers, housing
    campaigners, caretakers, squatters, plumbers, letting agents, painters`),
  body: list(`housing association, planning department, tenants' union, building firm, council, land registry,
    building inspectorate, property developer, homeless shelter, heritage office, residents' association, letting
    agency`),
  subject: list(`social housing, rents, new homes, building permits, flats, student rooms, house prices, loft
    conversions, home repairs, homelessness services, brownfield sites, timber buildings, apartment blocks, home
    insulation, holiday lets, sheltered housing, building standards, shared ownership, empty homes, roof repairs,
    tenancy agreements, prefabricated houses, balconies, listed buildings, cellars, planning rules, fire doors,
    lifts, property tax, tiny houses, housing benefit, retrofit grants, bricks, garden sheds, emergency shelters,
    mould treatment, kitchens, deposits, eviction notices, courtyards, tower blocks, self-build plots, double
    glazing`),
  problem: list(`rising rents, homelessness, damp and mould, a shortage of flats, evictions, unsafe cladding,
    empty houses, planning delays, subsidence, a shortage of bricklayers, leaking roofs, rogue landlords,
    overcrowded flats, high house prices, asbestos, noisy neighbours, holiday lets, broken lifts, a fire in a
    tower block, lost deposits, cracked walls, a rent strike, woodworm, unpaid service charges`),
  act: list(`build affordable homes, freeze rents, convert offices into flats, insulate lofts, renovate tower
    blocks, house homeless families, add a storey to terraced houses, register landlords, replace unsafe cladding,
    limit holiday lets, sell council flats, fix leaking roofs, approve planning applications faster, build with
    timber, tax empty homes, return deposits on time, demolish the old estate, restore a listed building, widen
    doors for wheelchairs, draw lots for self-build plots, inspect rented flats, move tenants out during repairs,
    cap service charges, fit smoke alarms, paint the stairwells, zone land for housing`),
  gauge:
    list(`rents, house prices, housing starts, evictions, vacancies, building costs, home ownership, planning
    applications, rough sleeping, deposits, property sales, mortgage approvals, waiting lists for flats, repair
    costs, floor space per person, land prices, service charges, brick prices`),
  where:
    list(`in tower blocks, on the housing estate, in the old town, on brownfield land, in terraced houses,
    at the building site, in rented flats, in the attic, in sheltered housing, on the ground floor, in the new
    quarter, behind the scaffolding`),
};
