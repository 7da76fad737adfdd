// What every page needs: toasts, dialogs, character counters, follow buttons, the share sheet.
import "./clock.js";
import "./toast.js";
import "./forms.js";
import "./sheet.js";
import "./choices.js";
import "./badge.js";
import "./search.js";
