import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** What an account needs, as badges: a JSON list of {level, text}. */
export class AttentionField extends Component {
    static template = "kam_management.AttentionField";
    static props = { ...standardFieldProps };

    get entries() {
        return this.props.record.data[this.props.name] || [];
    }
}

registry.category("fields").add("kam_attention", {
    component: AttentionField,
    supportedTypes: ["json"],
    isEmpty: (record, fieldName) => !record.data[fieldName]?.length,
});
