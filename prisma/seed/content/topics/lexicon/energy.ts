import { type Lexicon, list } from "./lexicon.ts";

export const energy: Lexicon = {
  who: list(`engineers, grid operators, energy suppliers, electricians, solar installers, network planners, power
    traders, wind farm owners, heating engineers, energy advisers, boiler makers, battery researchers, linesmen,
    meter readers, turbine technicians, gas fitters, nuclear inspectors, district heating managers, energy
    auditors, drillers, utility bosses`),
  body: list(`energy regulator, grid operator, power company, energy cooperative, utility, solar firm, network
    operator, electricity market, battery start-up, energy agency, nuclear authority, district heating company`),
  subject:
    list(`solar panels, wind turbines, heat pumps, battery storage, electricity, smart meters, natural gas,
    district heating, offshore wind, power lines, insulation, hydrogen, biogas, nuclear power, rooftop solar,
    energy tariffs, geothermal heat, transformers, grid connections, boilers, hydropower, demand response, tidal
    power, substations, carbon capture, energy labels, LED lighting, microgrids, gas storage, feed-in tariffs,
    cables under the sea, peak pricing, backup generators, community energy, waste heat, fuel cells, coal, pumped
    storage, pellet stoves, thermostats, virtual power plants, grid inverters, oil drilling`),
  problem: list(`power cuts, grid congestion, rising gas prices, a blackout, a heat wave, idle turbines, storm
    damage to power lines, a substation fire, negative prices, delays to grid connections, voltage drops, a cold
    snap, gas leaks, a boiler recall, falling reservoir levels, noise from turbines, a failed transformer, methane
    leaks, fuel poverty, meter errors, a battery fire, supply risks, overloaded cables, reactor maintenance`),
  act: list(`install rooftop solar panels, replace gas boilers, bury power lines, store wind power in batteries,
    cut peak demand, heat homes with waste heat, close the last coal plant, insulate hot water pipes, switch off
    lights at night, read meters by radio, build a second substation, pay households for flexible demand, extend
    the district heating network, drill for geothermal heat, raise tariffs, auction offshore wind sites, turn food
    waste into biogas, connect solar farms faster, lower thermostats, trade power across the border, repair
    turbines by drone, label appliances, cap electricity prices, blend hydrogen into gas, reinforce the grid,
    charge batteries at noon`),
  gauge:
    list(`electricity bills, gas prices, power demand, wind output, solar capacity, carbon emissions, energy
    use, battery capacity, peak load, tariffs, grid losses, gas imports, heating costs, coal consumption, heat
    pump sales, wholesale prices, reserve margins, megawatt hours sold`),
  where:
    list(`at the power station, on the national grid, at the solar farm, off the coast, in the control room,
    at the substation, on south-facing roofs, at the wind farm, in the boiler room, at the gas terminal, on the
    high-voltage line, at the biogas plant`),
};
