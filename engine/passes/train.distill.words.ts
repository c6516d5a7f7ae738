/** What distillation says. */
export const words = {
  teacherRefused: "the teacher cannot be executed: {error}",
  teacherMisfit: "the teacher does not fit the dataset: {error}",
  studentMisfit: "the student does not fit the dataset: {error}",
  outputs:
    "the teacher gives {teacher, number} values for an item and the student {student, number}: one cannot imitate the other",
  noTeacherValue: '"hidden" names "{name}", which no node of the teacher makes',
  noStudentValue: '"hidden" names "{name}", which no node of the student makes',
  hiddenShapes:
    '"hidden" compares "{student}" of {studentShape} with "{teacher}" of {teacherShape}: only their widths may differ',
  built:
    "a new network, {architecture}, with {weights, number} weights takes the place of the model with {before, number}",
  taught:
    "{alpha, number, ::percent .##} of the loss came from what the teacher says, at temperature {temperature, number}",
  taughtNumbers: "{alpha, number, ::percent .##} of the loss came from what the teacher says",
  matched: 'made like "{teacher}" of the teacher',
  projected:
    'made like "{teacher}" of the teacher, through a projection from {from, number} to {to, number} values that is not part of the result',
  teacherAccuracy: "accuracy of the teacher on the tuning split: {accuracy, number, ::percent .00}",
  teacherLoss: "loss of the teacher on the tuning split: {loss, number, ::@##}",
  sameTeacher:
    "The teacher is the very model that learns from it. Put a step that makes the model smaller before this one, choose a student, or another teacher",
  worseTeacher:
    "On the tuning split the teacher was no better than the student before the training: it has little to teach",
  ownInputs:
    "The new network takes {now, number} inputs and the model before took {before, number}, so that it has names of its own for them: {names}. A dataset that feeds inputs by other names does not fit",
  fewerOutputs: "Of the {count, number} outputs of the model before, the new network has the first one alone",
} as const;
