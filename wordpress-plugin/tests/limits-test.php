<?php
/**
 * Submissions that are too large for the gateway.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

final class Limits_Test extends Plugin_Test_Case {

	private const TICKED = array( 'your-name' => 'Ann', 'your-email' => 'ann@example.org', 'your-city' => 'Lyon', 'newsletter-1' => '1' );

	public function test_of_a_form_with_250_fields_the_gateway_gets_200_with_those_that_the_settings_name(): void {
		$tags   = '';
		$fields = array();
		foreach ( range( 1, 250 ) as $number ) {
			$tags                       .= "[text extra-{$number}]";
			$fields[ "extra-{$number}" ] = "value {$number}";
		}

		$this->log_of( fn() => $this->post( $this->create_form( $tags . self::FORM ), $fields + self::TICKED ) );

		$sent = $this->row()->submission['fields'];
		self::assertCount( 200, $sent );
		self::assertSame( array( 'ann@example.org', 'Ann', 'Lyon' ), array( $sent['your-email'], $sent['your-name'], $sent['your-city'] ) );
		self::assertTrue( $this->row()->submission['subscribe'][0]['consent']['given'] );
	}

	/** @dataProvider texts */
	public function test_a_huge_text_that_no_setting_names_is_left_out_and_the_opt_in_goes_out( string $text ): void {
		$form = $this->create_form( self::FORM . '[textarea story maxlength:999999][textarea short]' );

		$said = $this->log_of( fn() => $this->post( $form, array( 'story' => $text, 'short' => 'Hello' ) + self::TICKED ) );

		self::assertLessThan( 256 * 1024, strlen( $this->row()->payload ) );
		self::assertArrayNotHasKey( 'story', $this->row()->submission['fields'] );
		self::assertSame( 'Hello', $this->row()->submission['fields']['short'] );
		self::assertSame( 'ann@example.org', $this->row()->submission['fields']['your-email'] );
		self::assertStringContainsString( 'story', $said );
		self::assertStringNotContainsString( 'ann@example.org', $said );
	}

	public function texts(): array {
		return array(
			'300 KB'                               => array( str_repeat( 'a', 300 * 1024 ) ),
			'60 KB that are more in JSON'          => array( str_repeat( 'я', 60 * 1024 ) ),
			'a text in which each letter is two'   => array( str_repeat( '"', 200 * 1024 ) ),
		);
	}

	public function test_a_huge_text_that_a_setting_names_is_cut(): void {
		$form = $this->create_form( str_replace( '[text your-city]', '[text your-city maxlength:999999]', self::FORM ) );

		$this->post( $form, array( 'your-city' => str_repeat( '🎉', 100 * 1024 ) ) + self::TICKED );

		self::assertLessThan( 256 * 1024, strlen( $this->row()->payload ) );
		self::assertStringStartsWith( '🎉', $this->row()->submission['fields']['your-city'] );
		self::assertSame( 'ann@example.org', $this->row()->submission['fields']['your-email'] );
	}

	public function test_what_fits_arrives_unchanged_and_in_its_order(): void {
		$form = $this->create_form( '[textarea story maxlength:999999]' . self::FORM );

		$this->post( $form, array( 'story' => str_repeat( 'a', 100 * 1024 ) ) + self::TICKED );

		self::assertSame( 100 * 1024, strlen( $this->row()->submission['fields']['story'] ) );
	}

	public function test_whatever_code_hands_in_has_the_shape_and_size_that_the_gateway_takes(): void {
		$this->log_of(
			static fn() => gateway_connector_submit(
				array(
					'form'      => array(
						'id' => str_repeat( 'x', 300 ),
						'title' => str_repeat( '🎉', 500 ),
						'locale' => str_repeat( 'x', 40 ),
					),
					'fields'    => array(
						'email'                => 'ann@example.org',
						'number'               => 42,
						'vip'                  => true,
						'note'                 => null,
						'nul'                  => "a\0b",
						'tree'                 => array( 'x' => 'y', 'z' => 7 ),
						''                     => 'no name',
						str_repeat( 'n', 300 ) => 'a long name',
					),
					'visitor'   => array( 'ip' => str_repeat( '1', 200 ), 'userAgent' => str_repeat( 'x', 3000 ) ),
					'subscribe' => array_fill(
						0,
						25,
						array(
							'list'       => 'lst_1',
							'email'      => 'email',
							'properties' => array( str_repeat( 'p', 200 ) => 'number', 'age' => 'number' ),
							'consent'    => array(
								'given' => true,
								'text' => str_repeat( 'w', 20000 ),
								'policyUrl' => 'https://x/' . str_repeat( 'u', 3000 ),
							),
						)
					),
				)
			)
		);

		$sent = $this->row()->submission;
		self::assertSame(
			array( 100, 250, 20 ),
			array( strlen( $sent['form']['id'] ), mb_strlen( $sent['form']['title'] ), strlen( $sent['form']['locale'] ) )
		);
		self::assertSame(
			array( 'email' => 'ann@example.org', 'number' => '42', 'vip' => '1', 'note' => '', 'nul' => 'ab', 'tree' => array( 'y', '7' ) ),
			$sent['fields']
		);
		self::assertSame( array( 100, 2000 ), array( strlen( $sent['visitor']['ip'] ), strlen( $sent['visitor']['userAgent'] ) ) );
		self::assertCount( 20, $sent['subscribe'] );
		self::assertSame( array( 'age' => 'number' ), $sent['subscribe'][0]['properties'] );
		self::assertTrue( $sent['subscribe'][0]['consent']['given'] );
		self::assertSame( array( 10000, 2000 ), array_map( 'strlen', array_values( array_slice( $sent['subscribe'][0]['consent'], 1 ) ) ) );
	}
}
