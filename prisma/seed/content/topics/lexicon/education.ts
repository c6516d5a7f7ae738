import { type Lexicon, list } from "./lexicon.ts";

export const education: Lexicon = {
  who: list(`teachers, pupils, students, head teachers, parents, school governors, lecturers, apprentices,
    teaching assistants, university researchers, school leavers, tutors, adult learners, inspectors, librarians,
    sixth formers, trainee teachers, graduates, childminders, school cooks, language teachers`),
  body: list(`primary school, university, education ministry, school board, further education college, exam board,
    teachers' union, nursery, schools inspectorate, student union, public library, training centre`),
  subject:
    list(`exams, lessons, homework, school meals, textbooks, apprenticeships, tuition fees, scholarships,
    classroom assistants, reading clubs, science lessons, after-school clubs, evening classes, school trips,
    coding courses, student loans, music lessons, teacher training, special needs support, language courses,
    early years education, online lectures, mathematics, sports days, playgrounds, curriculum reform, laptops for
    pupils, laboratory equipment, exchange programmes, career advice, school uniforms, degree courses,
    handwriting, history lessons, adult literacy, breakfast clubs, summer schools, phonics, mentoring, drama
    workshops, school libraries, catch-up lessons, spelling contests`),
  problem: list(`teacher shortages, truancy, overcrowded classrooms, falling exam results, bullying, leaking
    classrooms, unpaid tuition fees, exam stress, cuts to school budgets, plagiarism, low attendance, a marking
    error, poor reading skills, mobile phones in class, a lack of nursery places, a lecturers' strike, grade
    inflation, long school days, broken heating in classrooms, a leaked exam paper, crowded lecture halls, staff
    turnover, outdated textbooks`),
  act: list(`hire more teachers, shorten the school day, teach coding in primary school, reopen the library, offer
    free school meals, mark exams online, extend the summer term, mentor first-year students, teach two languages,
    lend laptops to pupils, ban phones in class, reduce class sizes, learn outdoors, train classroom assistants,
    waive tuition fees, publish exam results, pair pupils with tutors, open a sixth form, study abroad, read aloud
    each morning, visit museums, review the curriculum, repeat the year, plan lessons together, award
    scholarships, enrol younger children`),
  gauge:
    list(`exam results, class sizes, school attendance, enrolment, tuition fees, literacy, graduation rates,
    nursery places, teacher pay, university applications, reading scores, exclusions, library loans,
    apprenticeship starts, student debt, pass rates, dropout rates, grades in mathematics`),
  where: list(`in primary schools, on campus, in the classroom, at the university, in the school library,
    at the college open day, in rural schools, in the lecture hall, at nursery, in the science laboratory,
    on the school playing field, at the graduation ceremony`),
};
