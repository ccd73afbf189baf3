import { Component, onMounted, onWillUnmount, xml } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const INTERVAL = 3000; // ms between two looks at a run that is under way

/** Reloads the form of a record that is computed in the background for as long as it waits or is under way. */
export class KamRunProgress extends Component {
    static template = xml`<i t-if="isUnderWay" class="fa fa-circle-o-notch fa-spin text-info fs-4"/>`;
    static props = { ...standardWidgetProps };

    setup() {
        onMounted(() => (this.timer = setInterval(() => this.isUnderWay && this.props.record.load(), INTERVAL)));
        onWillUnmount(() => clearInterval(this.timer));
    }

    get isUnderWay() {
        return ["waiting", "running", "computing"].includes(this.props.record.data.state);
    }
}

registry.category("view_widgets").add("kam_run_progress", { component: KamRunProgress });
