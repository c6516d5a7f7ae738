/** Runs of one page of the table; the server reads the first one with the page. */
export const pageSize = 50;
