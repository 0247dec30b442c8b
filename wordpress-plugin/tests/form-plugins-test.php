<?php
/**
 * Forms of other plugins.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use Gateway_Connector\Form_Plugins;
use Gateway_Connector\Ninja_Forms_Plugin;
use Gateway_Connector\Plugin_Field;
use Gateway_Connector\Plugin_Form;
use Gateway_Connector\Plugin_Submission;
use Gateway_Connector\Subscription;

final class Form_Plugins_Test extends Form_Plugins_Test_Case {

	/** @dataProvider plugins */
	public function test_a_submission_goes_to_the_gateway_as_the_owner_chose( string $plugin ): void {
		$this->connect( $plugin );

		$this->submit( $plugin );

		$submission = $this->row()->submission;
		self::assertSame( array(), $this->gateway->requests, 'the visitor does not wait for the gateway' );
		self::assertSame(
			array( $this->key( $plugin ), 'Letter', home_url( '/contact/' ), 'en_US' ),
			array_values( $submission['form'] )
		);
		self::assertSame( array( 'ip' => '203.0.113.7', 'userAgent' => 'Mozilla/5.0 (Test)' ), $submission['visitor'] );
		self::assertSame(
			array( "Ann O'Brien", 'ann@example.org', 'Lyon', array( 'News', 'Offers' ) ),
			array_map( static fn( $name ) => $submission['fields'][ $name ], array( 'Name', 'Email', 'Town', 'Topics' ) )
		);
		self::assertSame(
			array(
				array(
					'list'       => 'lst_1',
					'email'      => 'Email',
					'name'       => 'Name',
					'properties' => array( 'city' => 'Town' ),
					'consent'    => array(
						'given'         => true,
						'text'          => self::WORDS,
						'policyUrl'     => 'https://shop.example/privacy',
						'policyVersion' => '2026-05',
					),
				),
			),
			$submission['subscribe']
		);
	}

	/** @dataProvider plugins */
	public function test_without_the_tick_nobody_is_asked( string $plugin ): void {
		$this->connect( $plugin );

		$this->submit( $plugin, false );

		self::assertFalse( $this->row()->submission['subscribe'][0]['consent']['given'] );
	}

	/** @dataProvider plugins */
	public function test_a_form_that_nobody_connected_sends_nothing( string $plugin ): void {
		$this->submit( $plugin );

		self::assertSame( array(), $this->rows() );
	}

	/** @dataProvider plugins */
	public function test_the_visitors_form_works_although_nothing_can_be_stored( string $plugin ): void {
		$this->connect( $plugin );
		$this->refuse_storage();

		$said = $this->log_of( fn() => $this->submit( $plugin ) );

		self::assertStringContainsString( "the form {$this->key( $plugin )} could not be stored", $said );
		self::assertStringNotContainsString( 'ann@example.org', $said );
	}

	/** @dataProvider plugins */
	public function test_the_menus_offer_each_field_and_each_box_by_what_people_read( string $plugin ): void {
		$form = Form_Plugins::form( $this->key( $plugin ) );

		list( $name, $email, $town, $box ) = self::IDS[ $plugin ];
		self::assertSame(
			array( '[Name]', '[Email]', '[Town]' ),
			array_map( static fn( $id ) => $form->labels()[ $id ], array( $name, $email, $town ) )
		);
		self::assertSame( self::WORDS, $form->boxes()[ $box ] );
		self::assertStringNotContainsString( 'Secret', implode( $form->labels() ) );
		self::assertStringNotContainsString( 'Thank you', implode( $form->labels() ) );
		self::assertStringStartsWith( admin_url(), $form->edit_url );
	}

	public function test_spam_and_previews_are_not_submissions(): void {
		$this->connect( 'gravity' );
		$this->connect( 'ninja' );
		$preview = $this->ninja_data( true );

		$preview['settings']['is_preview'] = true;
		do_action( 'gform_after_submission', array( 'status' => 'spam' ) + self::gravity_entry( true ), $this->gravity_form() );
		do_action( 'ninja_forms_after_submission', $preview );

		self::assertSame( array(), $this->rows() );
	}

	public function test_the_page_that_says_thank_you_lets_the_browser_start_the_sending(): void {
		wp_dequeue_script( 'gateway-connector-wake' );
		$this->filter( 'gateway_connector_wake', '__return_true' );
		$this->submit( 'gravity' );
		self::assertFalse( wp_script_is( 'gateway-connector-wake' ), 'nobody connected the form' );

		$this->connect( 'gravity' );
		$this->submit( 'gravity' );

		self::assertTrue( wp_script_is( 'gateway-connector-wake' ) );
		wp_dequeue_script( 'gateway-connector-wake' );
	}

	public function test_elementors_forms_in_templates_and_popups_are_found_too(): void {
		register_post_type( 'elementor_library', array( 'public' => true, 'exclude_from_search' => true ) );
		$widget   = array( 'id' => 'pop', 'widgetType' => 'form', 'settings' => array( 'form_name' => 'Popup', 'form_fields' => array() ) );
		$template = wp_insert_post( array( 'post_type' => 'elementor_library', 'post_status' => 'publish', 'post_title' => 'Popup' ) );
		update_post_meta( $template, '_elementor_data', wp_slash( (string) wp_json_encode( array( $widget ) ) ) );

		$form = Form_Plugins::form( 'elementor-pop' );

		wp_delete_post( $template, true );
		unregister_post_type( 'elementor_library' );
		self::assertSame( 'Popup', $form->title );
	}

	public function test_parts_of_a_name_can_become_properties(): void {
		$parts = array( 'wpforms' => '1.first', 'gravity' => '1.3', 'fluent' => 'names.first_name' );
		foreach ( $parts as $plugin => $part ) {
			$this->connect( $plugin, array( 'properties' => array( 'first' => $part ) ) );
			$this->submit( $plugin );
		}

		foreach ( $this->rows() as $row ) {
			$field = $row->submission['subscribe'][0]['properties']['first'];
			self::assertSame( 'Ann', $row->submission['fields'][ $field ], $row->submission['form']['id'] );
		}
		self::assertCount( 3, $this->rows() );
	}

	public function test_sending_a_form_that_is_only_for_the_newsletter_is_the_consent(): void {
		$this->connect( 'elementor', array( 'consent' => Subscription::SENDING, 'words' => 'Get our letter each month.' ) );

		$this->submit( 'elementor', false );

		$consent = $this->row()->submission['subscribe'][0]['consent'];
		self::assertSame( array( true, 'Get our letter each month.' ), array( $consent['given'], $consent['text'] ) );
	}

	public function test_without_words_sending_a_form_subscribes_nobody(): void {
		$this->connect( 'elementor', array( 'consent' => Subscription::SENDING ) );

		$this->submit( 'elementor' );

		self::assertSame( array(), $this->row()->submission['subscribe'] );
	}

	public function test_a_form_that_takes_messages_has_another_purpose_too(): void {
		$email   = new Plugin_Field( 'email', 'Email', Plugin_Field::EMAIL );
		$message = new Plugin_Field( 'message', 'Message', Plugin_Field::MESSAGE );

		self::assertArrayHasKey( Subscription::SENDING, ( new Plugin_Form( 'ninja', 1, 'Letter', array( $email ) ) )->boxes() );
		self::assertArrayNotHasKey( Subscription::SENDING, ( new Plugin_Form( 'ninja', 1, 'Ask', array( $email, $message ) ) )->boxes() );
		self::assertArrayNotHasKey( Subscription::SENDING, ( new Plugin_Form( 'ninja', 1, 'Other', array() ) )->boxes() );
	}

	public function test_files_stay_on_the_site(): void {
		$form = new Plugin_Form(
			'fluent',
			1,
			'Apply',
			array( new Plugin_Field( 'email', 'Email', Plugin_Field::EMAIL ), new Plugin_Field( 'cv', 'CV', Plugin_Field::FILE ) )
		);
		$sent = new Plugin_Submission( $form, array( 'email' => 'ann@example.org', 'cv' => array( 'https://shop.example/cv.pdf' ) ) );

		self::assertSame( array( 'email' => 'ann@example.org' ), $sent->values );
		self::assertSame( array( 'email' => '[Email]' ), $form->labels() );
		self::assertArrayNotHasKey( Subscription::SENDING, $form->boxes() );
	}

	public function test_fields_with_the_same_label_are_told_apart_and_a_long_label_still_goes_along(): void {
		$labels = array( 1 => 'Town', 2 => 'Town', 3 => '', 4 => str_repeat( 'é', 300 ) );
		$fields = array_map( static fn( $id, $label ) => new Plugin_Field( $id, $label ), array_keys( $labels ), $labels );
		$form   = new Plugin_Form( 'wpforms', 12, 'A &amp; B', $fields );

		self::assertSame( array( 1 => 'Town', 2 => 'Town (2)', 3 => '(3)', 4 => str_repeat( 'é', 180 ) ), $form->names() );
		self::assertSame( array( 'A & B', 'wpforms-12' ), array( $form->title, $form->key() ) );
	}

	public function test_two_forms_have_settings_of_their_own(): void {
		$this->connect( 'ninja' );
		$this->connect( 'fluent', array( 'list' => 'lst_2' ) );

		$this->submit( 'fluent' );
		$this->submit( 'ninja' );

		self::assertSame(
			array( 'lst_2', 'lst_1' ),
			array_map( static fn( $row ) => $row->submission['subscribe'][0]['list'], $this->rows() )
		);
	}

	public function test_the_sites_code_can_add_a_plugin(): void {
		$this->filter( 'gateway_connector_form_plugins', static fn() => array( 'not a plugin', new Ninja_Forms_Plugin() ) );

		self::assertSame( array( 'ninja' ), array_keys( Form_Plugins::active() ) );
	}
}
