/** The one user of the single-user mode; migrations create it. */
export const LOCAL_USER_ID = "local";
