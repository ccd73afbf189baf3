import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { HierarchyCard } from "@web_hierarchy/hierarchy_card";
import { HierarchyModel } from "@web_hierarchy/hierarchy_model";
import { HierarchyRenderer } from "@web_hierarchy/hierarchy_renderer";
import { hierarchyView } from "@web_hierarchy/hierarchy_view";

/**
 * The map of the people at one customer. Odoo's hierarchy shows the top and unfolds one branch at a time; a map of
 * relationships is about who stands where, so everybody found is shown at once, below whom they report to.
 */
export class KamPeopleMapModel extends HierarchyModel {
    /** Everybody, not only those without superior. */
    isSearchDefaultOrEmpty() {
        return false;
    }

    /** Branches stay open next to each other. */
    _searchNodeToCollapse() {
        return null;
    }

    async _loadData(config, reload = false) {
        const roots = await super._loadData(config, reload);
        // The server leaves out those beyond what one map can show.
        this.found = await this.orm.searchCount(this.resModel, config.domain, { context: this.context });
        return roots;
    }

    _formatData(data) {
        this.shown = data.length;
        const childFieldName = this.childFieldName || this.defaultChildFieldName;
        const byId = new Map(data.map((record) => [record.id, record]));
        const children = new Map();
        const roots = [];
        for (const record of byId.values()) {
            const parentId = record[this.parentFieldName]?.id;
            if (byId.has(parentId)) {
                children.set(parentId, [...(children.get(parentId) || []), record]);
            } else {
                roots.push(record);
            }
        }
        for (const [parentId, records] of children) {
            byId.get(parentId)[childFieldName] = records;
        }
        return roots;
    }
}

/** A person, and below it those who report to them. */
export class KamPeopleMapNode extends Component {
    static template = "kam_management.PeopleMapNode";
    static components = { HierarchyCard, KamPeopleMapNode };
    static props = { node: Object, openRecord: Function, archInfo: Object };
}

export class KamPeopleMapRenderer extends HierarchyRenderer {
    static components = { ...HierarchyRenderer.components, KamPeopleMapNode };
    static template = "kam_management.PeopleMapRenderer";

    /** What is missing on the map and how to find it, or nothing. */
    get notice() {
        const { found, shown } = this.props.model;
        return found > shown
            ? _t("The first %(shown)s of %(found)s people. Search for an account to see all of its people.", { shown, found })
            : "";
    }
}

registry.category("views").add("kam_people_map", {
    ...hierarchyView,
    Model: KamPeopleMapModel,
    Renderer: KamPeopleMapRenderer,
});
