{
    'name': "Key Account Management: Reports",
    'version': '19.0.1.0.0',
    'category': 'Sales/CRM',
    'summary': "The portfolio review pack as a file that can be handed on",
    'author': "Key Account Management contributors",
    'license': 'LGPL-3',
    'depends': ['kam_scoring', 'spreadsheet_dashboard'],
    'external_dependencies': {'python': ['xlsxwriter']},
    'data': [
        'security/ir.model.access.csv',
        'security/kam_account_analysis_rules.xml',
        'data/ir_cron_data.xml',
        'views/kam_account_analysis_views.xml',
        'views/kam_account_views.xml',
        'views/kam_program_views.xml',
        'views/kam_reports_menus.xml',
        'data/spreadsheet_dashboard_data.xml',
    ],
    'assets': {
        'web.assets_tests': ['kam_reports/static/tests/tours/*.js'],
    },
}
