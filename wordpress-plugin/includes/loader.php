<?php
/**
 * Which class is in which folder, and which folder may use which.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/*
 * The folders, and the classes in them. The order counts: a class may use its own folder and the folders above it, never one below.
 * tests/folders-test.php fails otherwise. The main file, Installation and functions.php put everything together and may use all.
 *
 *   gateway      the connection: key, signature, requests, answers, the mailing lists there; texts and addresses as it wants them
 *   spool        the table with what waits, what fills it, and what sends it
 *   forms        Contact Form 7: consent boxes, settings of a form, what a form hands over
 *   subscribe    the subscribe form of our own: block, shortcode, bots; sign-ups from code
 *   form-plugins forms of other plugins: WPForms, Gravity Forms, Fluent Forms, Ninja Forms, Elementor
 *   users        users of the site and their lists
 *   checkout     the box at WooCommerce's checkout
 *   imports      what other plugins for newsletters were set to
 *   diagnostics  what is wrong, in sentences: errors, the connection, forms, late submissions
 *   statistics   figures from the gateway
 *   privacy      WordPress' tools for personal data
 *   admin        all that the site's owner sees in the admin pages
 */
const FOLDERS = array(
	'gateway'      => array(
		'Answer',
		'Connection',
		'Email_Address',
		'Gateway_Address',
		'Gateway_Client',
		'Languages',
		'Lists',
		'Log',
		'Pending_Connection',
		'Plain_Text',
		'Property_Names',
		'Request',
		'Settings',
		'Shown_Box',
		'Signature',
		'Signed_Fields',
		'Site_Address',
		'Site_Details',
		'Translations',
	),
	'spool'        => array(
		'Command',
		'Delivery',
		'Intake',
		'Payload',
		'Schedule',
		'Sender',
		'Spool',
		'Spool_Records',
		'Spool_Reserve',
		'Spool_Schema',
		'Spool_Summary',
		'Submission_Limits',
		'Submission_Payload',
		'Wake_Route',
	),
	'forms'        => array(
		'Conditional_Groups',
		'Consent',
		'Doi_Answer',
		'Form_Fields',
		'Form_Fields_Route',
		'Form_Listener',
		'Form_Name',
		'Form_Settings',
		'Form_Summary',
		'Form_Validation',
		'Mailbox_Message',
		'Mailjet_Form',
		'Mailjet_Settings',
		'Multi_Step',
		'Newsletter_Tag',
		'Page_Language',
		'Policy',
		'Posted_Fields',
		'Shown_Form',
		'Submission',
		'Subscription',
	),
	'subscribe'    => array(
		'Bot_Trap',
		'Lists_Route',
		'Sign_Up',
		'Subscribe_Answer',
		'Subscribe_Api',
		'Subscribe_Block',
		'Subscribe_Block_Texts',
		'Subscribe_Form',
		'Subscribe_Form_View',
		'Subscribe_Listener',
		'Subscribe_Submission',
		'Visitor',
	),
	'form-plugins' => array(
		'Elementor_Forms_Plugin',
		'Fluent_Forms_Plugin',
		'Form_Plugin',
		'Form_Plugins',
		'Gravity_Forms_Plugin',
		'Ninja_Forms_Plugin',
		'Plugin_Field',
		'Plugin_Form',
		'Plugin_Form_Listener',
		'Plugin_Form_Settings',
		'Plugin_Submission',
		'WPForms_Plugin',
	),
	'users'        => array(
		'Bulk_Sync',
		'User_Box',
		'User_Changes',
		'User_Consent',
		'User_Fields',
		'User_Listener',
		'User_Name',
		'User_Payload',
		'User_Sync_Settings',
		'User_Sync_Summary',
		'User_Synced',
	),
	'checkout'     => array(
		'Checkout_Box',
		'Checkout_Settings',
	),
	'imports'      => array(
		'Brevo_Import',
		'Contact_Form_Draft',
		'Doi_Helper_Import',
		'Flamingo_Inbox',
		'Import_Item',
		'Import_Source',
		'Mc4wp_Forms',
		'Mc4wp_Import',
	),
	'diagnostics'  => array(
		'Connection_Report',
		'Email_Notice',
		'Error_Message',
		'Form_Check',
		'Health',
		'Plugin_Form_Check',
		'Sender_Domains',
		'Site_Health',
	),
	'statistics'   => array(
		'Chart',
		'Figures',
		'Gateway_Failure',
		'Gateway_Problem',
		'Mail_Limit',
		'Statistics',
	),
	'privacy'      => array(
		'Privacy',
		'User_Privacy',
	),
	'admin'        => array(
		'Admin_Fallback',
		'Bulk_Panel',
		'Checkout_Panel',
		'Connect_Flow',
		'Connect_Form',
		'Connection_View',
		'Copied_Site',
		'Csv_Export',
		'Dashboard_Widget',
		'Data_Settings',
		'Doi_Settings',
		'First_Form',
		'First_Steps',
		'Flamingo_Csv',
		'Form_Panel',
		'Form_Panel_Lists',
		'Form_Panel_View',
		'Form_Warnings',
		'Forms_Page',
		'Forms_Table',
		'Health_Notice',
		'Import_Page',
		'Import_Section',
		'Import_View',
		'Key_Form',
		'Mail_Figures',
		'Network_Page',
		'Notices',
		'Panel_Controls',
		'Plugins_Page',
		'Settings_Page',
		'Spool_Page',
		'Spool_Table',
		'Statistics_Page',
		'User_Page',
		'User_Page_View',
	),
);

/**
 * Loads a class of the plugin when it is used for the first time.
 */
function load_class( string $class_name ): void {
	if ( 0 !== strpos( $class_name, __NAMESPACE__ . '\\' ) ) {
		return;
	}
	$name = substr( $class_name, strlen( __NAMESPACE__ ) + 1 );
	$file = '/class-' . strtolower( str_replace( '_', '-', $name ) ) . '.php';
	foreach ( FOLDERS as $folder => $classes ) {
		if ( in_array( $name, $classes, true ) ) {
			require __DIR__ . '/' . $folder . $file;
			return;
		}
	}
	if ( is_file( __DIR__ . $file ) ) {
		require __DIR__ . $file;
	}
}

spl_autoload_register( __NAMESPACE__ . '\\load_class' );
