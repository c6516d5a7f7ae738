import { type Lexicon, list } from "./lexicon.ts";

export const transport: Lexicon = {
  who: list(`commuters, cyclists, bus drivers, drivers, train drivers, passengers, lorry drivers, pedestrians,
    airlines, taxi drivers, ferry captains, road workers, traffic planners, hauliers, conductors, couriers, pilots,
    signal engineers, port workers, car makers, scooter riders`),
  body: list(`railway, bus company, transport ministry, airport, port authority, tram operator, road agency,
    railway union, ferry company, traffic office, cycling club, aviation authority`),
  subject:
    list(`buses, trains, cycle lanes, electric cars, bus lanes, charging points, roadworks, night trains,
    speed limits, car sharing, tram lines, parking, freight trains, motorways, tickets, ferries, airport slots,
    road tolls, level crossings, traffic lights, cargo bikes, delivery vans, pavements, railway bridges, speed
    cameras, season tickets, timetables, park and ride, electric scooters, driving tests, ring roads, high-speed
    rail, taxis, tunnels, number plates, signalling, bike parking, container ships, school buses, winter tyres,
    barges, runways, platform screens`),
  problem: list(`traffic jams, train delays, a rail strike, icy roads, potholes, a shortage of bus drivers, a
    derailment, crowded trains, road accidents, airport queues, a signal failure, a closed bridge, fuel prices,
    bike theft, a landslide on the line, cancelled flights, speeding, a collision at a crossing, parking on
    pavements, road noise, a ferry breakdown, overhead line faults, congestion at the port, lost luggage`),
  act: list(`widen the cycle lanes, run trains all night, electrify the railway, lower the speed limit, build a
    tram line, close the bridge to cars, buy electric buses, scrap paper tickets, repair potholes, charge cars for
    entering the centre, reopen a disused railway, move freight from road to rail, install charging points, extend
    the runway, retime the traffic lights, cut fares, hire more drivers, dig a tunnel under the river, share
    journeys to work, deliver parcels by cargo bike, paint zebra crossings, dredge the harbour, test driverless
    shuttles, grit roads earlier, fine drivers in bus lanes, double the number of carriages`),
  gauge:
    list(`passenger numbers, train fares, journey times, road deaths, car sales, bus punctuality, traffic,
    cycling, ticket sales, air travel, delays, freight volumes, fuel prices, parking fees, flight bookings, speeding
    fines, electric car sales, container traffic`),
  where:
    list(`on the motorway, at the railway station, on the ring road, at the airport, in the bus lane, on the
    night train, at the level crossing, in the city centre, at the port, on platform four, in the tunnel,
    at the junction`),
};
