import { Component } from "@odoo/owl";

const WIDTH = 100;
const HEIGHT = 24;
const MARGIN = 2;

/** A line through a few values, the last one marked. A picture beside a figure: it says nothing more. */
export class Sparkline extends Component {
    static template = "customer_success.Sparkline";
    static props = { values: { type: Array, element: Number }, title: String };

    get points() {
        const { values } = this.props;
        const least = Math.min(...values);
        const span = Math.max(...values) - least;
        const step = (WIDTH - 2 * MARGIN) / (values.length - 1);
        const height = HEIGHT - 2 * MARGIN;
        return values.map((value, index) => ({
            x: MARGIN + index * step,
            y: MARGIN + (span ? height * (1 - (value - least) / span) : height / 2),
        }));
    }

    get line() {
        return this.points.map(({ x, y }) => `${x.toFixed(2)},${y.toFixed(2)}`).join(" ");
    }

    get last() {
        return this.points.at(-1);
    }
}
