import { browser } from "@web/core/browser/browser";

/** How long to leave another window alone that goes on with the same dry-run, in milliseconds. */
const PAUSE = 700;

/**
 * Go on with a dry-run until it has ended, a moment's work each request; its result.
 *
 * @param {(progress: number) => boolean} report hears how far it is; answers whether to go on
 */
export async function runTrial(orm, id, report) {
    let before = -1;
    for (;;) {
        const step = await orm.silent.call("customer.value.trial", "action_step", [[id]]);
        if (!report(step.progress)) {
            return false;
        }
        if (step.state !== "running") {
            return orm.call("customer.value.trial", "get_result", [[id]]);
        }
        if (step.progress === before) {
            await new Promise((resolve) => browser.setTimeout(resolve, PAUSE));
        }
        before = step.progress;
    }
}
