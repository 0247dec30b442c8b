<?php
/**
 * Plugin Name:       Gateway Connector
 * Description:       Sends what people enter into your forms to your Gateway, which asks them to confirm before they join a mailing list.
 * Version:           0.1.0
 * Requires at least: 6.7
 * Requires PHP:      7.4
 * Author:            Gateway contributors
 * License:           MIT
 * License URI:       https://opensource.org/license/mit
 * Text Domain:       gateway-connector
 * Domain Path:       /languages
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

defined( 'ABSPATH' ) || exit;

const VERSION     = '0.1.0';
const PLUGIN_FILE = __FILE__;

require_once __DIR__ . '/includes/loader.php';
require_once __DIR__ . '/includes/functions.php';

add_action(
	'plugins_loaded',
	static function (): void {
		global $wpdb;

		$settings = new Settings();
		$spool    = new Spool( $wpdb );
		$records  = new Spool_Records( $wpdb, $spool );
		$client   = new Gateway_Client( $settings );
		$figures  = new Statistics( $settings, $client );
		$health   = new Health( $settings, $records, array( $figures, 'reported' ) );
		$intake   = new Intake( $spool );
		$listener = new Form_Listener( $intake );
		$lists    = new Lists( $client );
		$sign_ups = new Subscribe_Listener( $intake );
		$bulk     = new Bulk_Sync( $wpdb, $spool, $records );
		$explain  = static fn( Answer $answer, string $host ): string => Error_Message::of( $answer, $host );
		$payloads = array( new Submission_Payload(), new User_Payload() );
		$sender   = new Sender( $settings, $spool, $client, $payloads, $explain );
		$notice   = new Email_Notice( $health, $records );
		$delivery = new Delivery( $sender, $settings, array( $bulk, 'step' ), array( $notice, 'check' ) );

		( new Installation( $spool ) )->register();
		( new Schedule( array( $delivery, 'run' ) ) )->register();
		( new Wake_Route( $settings, $records, $delivery ) )->register();
		( new Newsletter_Tag() )->register();
		( new Page_Language() )->register();
		Shown_Form::register();
		( new Form_Validation() )->register();
		( new Mailbox_Message() )->register();
		$intake->register();
		$listener->register();
		( new Doi_Answer( $settings, $listener ) )->register();
		$sign_ups->register();
		( new Subscribe_Api( $intake ) )->register();
		( new Plugin_Form_Listener( $intake ) )->register();
		( new Subscribe_Block( $sign_ups ) )->register();
		( new Lists_Route( $settings, $lists ) )->register();
		$figures->register();
		( new User_Listener( $spool ) )->register();
		( new User_Box() )->register();
		( new Checkout_Box( $intake ) )->register();
		( new Form_Fields_Route() )->register();
		( new Site_Health( $health ) )->register(); // Its weekly run is not on an admin page.
		( new Sender_Domains( $settings, $client ) )->register();
		( new Privacy( $settings, $records ) )->register(); // Other plugins erase from scheduled events.
		( new User_Privacy( $spool ) )->register();
		( new Command( $settings, $records, $delivery ) )->register();

		if ( is_admin() ) {
			$notices = new Notices( $settings );
			$data    = new Data_Settings( $settings, $notices );
			$doi     = new Doi_Settings( $settings, $notices );
			$notices->register();
			$data->register();
			$doi->register();
			$page = new Settings_Page(
				$settings,
				$lists,
				$notices,
				new Connection_View( $settings, $lists, $records ),
				new First_Steps( $settings, $lists, $records ),
				array( $doi, $data )
			);
			$page->register();
			( new Connect_Flow( $settings, $client, $lists, $notices, array( $page, 'report' ) ) )->register();
			( new First_Form( $lists, $notices ) )->register();
			( new Network_Page( $settings, $client, $notices ) )->register();
			( new Plugins_Page( $settings ) )->register();
			( new Copied_Site( $settings, $spool, $records, $notices ) )->register();
			( new Spool_Page( $settings, $records, $notices ) )->register();
			( new Statistics_Page( $settings, $figures, $records ) )->register();
			( new Form_Panel( $settings, $lists ) )->register();
			( new Forms_Page( $settings, $lists, $notices ) )->register();
			( new User_Page(
				$settings,
				$lists,
				$notices,
				new Bulk_Panel( $bulk, $records, $settings, $notices, $delivery ),
				new Checkout_Panel( $notices )
			) )->register();
			( new Form_Warnings( $lists ) )->register();
			( new Import_Page( $settings, $lists, $notices ) )->register();
			( new Health_Notice( $health ) )->register();
			( new Dashboard_Widget( $records, $figures ) )->register();
			( new Admin_Fallback( $health, $delivery ) )->register();
		}
	}
);

add_action(
	'init',
	static function (): void {
		// WordPress 6.7 does not read the header's Domain Path.
		load_plugin_textdomain( 'gateway-connector', false, dirname( plugin_basename( PLUGIN_FILE ) ) . '/languages' );
	},
	0
);

register_activation_hook( __FILE__, array( Plugins_Page::class, 'mark_activation' ) );
register_deactivation_hook( __FILE__, array( Installation::class, 'clear_events' ) );
