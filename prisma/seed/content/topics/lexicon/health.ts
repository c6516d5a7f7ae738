import { type Lexicon, list } from "./lexicon.ts";

export const health: Lexicon = {
  who: list(`doctors, nurses, patients, surgeons, midwives, family doctors, pharmacists, carers, paramedics,
    health researchers, dentists, hospital managers, therapists, older patients, blood donors, radiographers,
    physiotherapists, junior doctors, epidemiologists, opticians, ward sisters`),
  body: list(`hospital, health ministry, clinic, medicines agency, ambulance service, nurses' union, care home,
    medical school, children's hospital, public health institute, pharmacy chain, blood bank`),
  subject:
    list(`vaccines, cancer screening, flu jabs, hospital beds, operations, mental health care, antibiotics,
    maternity care, home care, blood tests, heart surgery, emergency care, dental care, diabetes treatment,
    physiotherapy, medical records, stroke care, telemedicine, hip replacements, hearing aids, sleep clinics,
    allergy tests, intensive care, dementia care, ambulances, MRI scanners, hand washing, weight loss drugs,
    rehabilitation, eye tests, hospital food, night shifts, palliative care, gene therapy, healthy eating, asthma
    inhalers, organ donation, kidney dialysis, insulin pumps, smoking bans, wearable monitors, health visitors,
    clinical trials`),
  problem:
    list(`long waiting lists, a flu outbreak, a shortage of nurses, high blood pressure, measles, obesity,
    a shortage of medicines, hospital infections, air pollution, food poisoning, burnout, cancelled operations,
    ambulance delays, depression, antibiotic resistance, pollen, missed appointments, a norovirus outbreak, heat
    stroke, falls at home, a data breach at the clinic, medication errors, loneliness, tick bites`),
  act: list(`vaccinate children, recruit more nurses, screen for bowel cancer, open a walk-in clinic, cut waiting
    times, treat patients at home, prescribe exercise, share medical records, train paramedics, offer free flu
    jabs, perform surgery by robot, donate blood, measure blood pressure at work, keep wards open at weekends,
    test a new vaccine, call patients back, clean wards twice a day, visit older people at home, sequence virus
    samples, restrict visiting hours, fit hearing aids, diagnose strokes faster, extend maternity leave, merge two
    clinics, ban smoking outdoors, follow patients for ten years`),
  gauge: list(`waiting times, infection rates, vaccination rates, hospital admissions, life expectancy, birth
    weights, blood pressure, survival rates, flu cases, ambulance response times, medicine prices, staff sickness,
    emergency visits, smoking, cancer diagnoses, appointments, bed occupancy, obesity`),
  where: list(`in hospitals, on the maternity ward, at the clinic, in intensive care, in care homes, at the
    pharmacy, in the emergency department, in the operating theatre, at the health centre, on night shifts,
    in the waiting room, at the vaccination centre`),
};
