import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/core/utils/numbers";

const WIDTH = 320;
const HEIGHT = 90;
const TOP = 24;

/**
 * How the company's customers spread on one axis, with the cut-points of both policies drawn in.
 *
 * Each doubling of a value takes the same room.
 */
export class CutHistogram extends Component {
    static template = "customer_success.CutHistogram";
    static props = {
        bars: { type: Array, element: Object }, // low, high, customers
        draft: { type: Array, element: Number },
        published: { type: Array, element: Number },
        name: String,
    };

    setup() {
        this.box = { width: WIDTH, height: HEIGHT + TOP + 16, floor: HEIGHT + TOP, top: TOP };
    }

    get range() {
        const { bars, draft, published } = this.props;
        const cuts = [...draft, ...published];
        return [
            Math.log(Math.min(bars[0].low, ...cuts) * 0.95),
            Math.log(Math.max(bars.at(-1).high, ...cuts) * 1.05),
        ];
    }

    x(value) {
        const [low, high] = this.range;
        return ((Math.log(value) - low) / (high - low)) * WIDTH;
    }

    get bars() {
        const highest = Math.max(...this.props.bars.map((bar) => bar.customers));
        return this.props.bars.map((bar) => {
            const height = (bar.customers / highest) * HEIGHT;
            const left = this.x(bar.low);
            return {
                x: left,
                width: Math.max(this.x(bar.high) - left - 1, 1),
                y: TOP + HEIGHT - height,
                height,
                title: _t("%(low)s to %(high)s: %(count)s customers", {
                    low: this.number(bar.low),
                    high: this.number(bar.high),
                    count: bar.customers.toLocaleString(),
                }),
            };
        });
    }

    lines(values) {
        return values.map((value, index) => ({
            x: this.x(value),
            label: this.number(value),
            y: index % 2 ? 9 : 20, // neighbours do not write over each other
        }));
    }

    get label() {
        return _t("%(axis)s of your customers; cut-points of the draft: %(cuts)s", {
            axis: this.props.name,
            cuts: this.props.draft.map((value) => this.number(value)).join(", "),
        });
    }

    number(value) {
        return value >= 10_000
            ? formatFloat(value, { humanReadable: true, decimals: 1, minDigits: 1 })
            : formatFloat(value, { digits: [16, value < 10 ? 2 : 0], trailingZeros: false });
    }
}
