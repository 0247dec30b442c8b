<?php
/**
 * What stays when the plugin is deleted.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use Gateway_Connector\Email_Notice;
use Gateway_Connector\Form_Settings;
use Gateway_Connector\Installation;
use Gateway_Connector\Plugin_Form_Settings;
use WPCF7_ContactForm;

final class Uninstall_Test extends Plugin_Test_Case {

	public function test_everything_goes_when_the_owner_chose_so(): void {
		global $wpdb;
		$form = $this->use_everything();
		$this->settings->save_data_rules( 7, true );

		$this->uninstall();

		self::assertSame( array(), $this->options() );
		self::assertStringNotContainsString( 'gateway_connector', (string) wp_json_encode( get_option( 'cron' ) ) );
		self::assertFalse( metadata_exists( 'post', $form->id(), '_' . Form_Settings::PROPERTY ) );
		self::assertNull( $wpdb->get_var( $wpdb->prepare( 'SHOW TABLES LIKE %s', $this->spool->table() ) ) );
	}

	public function test_the_data_stay_when_the_owner_did_not_choose(): void {
		$form    = $this->use_everything();
		$options = $this->options();

		$this->uninstall();

		self::assertSame( $options, $this->options() );
		self::assertStringNotContainsString( 'gateway_connector', (string) wp_json_encode( get_option( 'cron' ) ) );
		self::assertTrue( metadata_exists( 'post', $form->id(), '_' . Form_Settings::PROPERTY ) );
		self::assertCount( 1, $this->rows() );
	}

	/** @group processes */
	public function test_on_a_network_each_site_decides_for_itself(): void {
		$left = Network::run( 'create', 'uninstall' );

		self::assertSame(
			array(
				1 => array( 'table' => true, 'options' => 3, 'event' => false ),
				2 => array( 'table' => false, 'options' => 0, 'event' => false ),
			),
			$left
		);
	}

	private function use_everything(): WPCF7_ContactForm {
		$form = $this->create_form();
		$this->post( $form, array( 'your-name' => 'Ann', 'your-email' => 'ann@example.org' ) );
		$this->settings->pause( 'x' );
		$this->settings->hold( 60 );
		$this->settings->set_clock_offset( 7 );
		update_option( Email_Notice::OPTION, array( 'waiting' => 1 ) );
		update_option( Plugin_Form_Settings::OPTION, array( 'wpforms-12' => array( 'enabled' => true ) ), false );
		( new Installation( $this->spool ) )->update();
		return $form;
	}

	private function uninstall(): void {
		if ( ! defined( 'WP_UNINSTALL_PLUGIN' ) ) {
			define( 'WP_UNINSTALL_PLUGIN', 'gateway-connector' );
		}
		require dirname( __DIR__ ) . '/uninstall.php';
		wp_cache_flush();
	}

	private function options(): array {
		global $wpdb;
		return $wpdb->get_col(
			"SELECT option_name FROM {$wpdb->options} WHERE option_name LIKE '%gateway_connector%'
				AND option_name NOT LIKE '%\_transient\_%\_notice\_%' ORDER BY option_name"
		);
	}
}
