<?php
/**
 * Fluent Forms.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Forms of Fluent Forms. A form's fields are JSON, in columns or not; the action fluentform/submission_inserted comes when the entry is
 * stored and is no spam.
 */
final class Fluent_Forms_Plugin implements Form_Plugin {

	/**
	 * What holds nothing that a visitor enters, or must stay on the site.
	 */
	private const LEFT_OUT = '/^(section_break|custom_html|shortcode|form_step|step_start|step_end|button|custom_submit_button|action_hook'
		. '|save_progress_button|input_password|recaptcha|hcaptcha|turnstile|repeater_field|input_repeat|payment_method)$/';

	private const KINDS = array(
		'input_email'     => Plugin_Field::EMAIL,
		'textarea'        => Plugin_Field::MESSAGE,
		'rich_text_input' => Plugin_Field::MESSAGE,
		'input_file'      => Plugin_Field::FILE,
		'input_image'     => Plugin_Field::FILE,
	);

	/**
	 * What has a box to tick, unless its owner took it away.
	 */
	private const AGREEMENTS = array( 'gdpr_agreement', 'terms_and_condition' );

	private const MAX_FORMS = 1000;

	public function id(): string {
		return 'fluent';
	}

	public function name(): string {
		return 'Fluent Forms';
	}

	public function is_active(): bool {
		return function_exists( 'fluentFormApi' );
	}

	public function forms(): array {
		$asked = array(
			'status'   => 'published',
			'per_page' => self::MAX_FORMS,
			'sort_by'  => 'ASC',
		);
		$found = fluentFormApi( 'forms' )->forms( $asked, true );
		return array_map( array( $this, 'form' ), array_values( (array) ( $found['data'] ?? array() ) ) );
	}

	public function listen( callable $take ): void {
		add_action(
			'fluentform/submission_inserted',
			function ( ...$given ) use ( $take ): void {
				list( , $posted, $data ) = $given;

				$form = $this->form( $data );
				$page = (string) ( $posted['_wp_http_referer'] ?? '' );
				$take( new Plugin_Submission( $form, self::values( $form, (array) $posted ), '' === $page ? '' : home_url( $page ) ) );
			},
			10,
			3
		);
	}

	/**
	 * A form.
	 *
	 * @param object $data Fluent Forms' form, with the members id, title and form_fields.
	 */
	private function form( object $data ): Plugin_Form {
		$parts = json_decode( (string) $data->form_fields, true );
		$id    = (int) $data->id;
		return new Plugin_Form(
			$this->id(),
			$id,
			(string) $data->title,
			self::fields( (array) ( $parts['fields'] ?? array() ) ),
			admin_url( "admin.php?page=fluent_forms&route=editor&form_id={$id}" )
		);
	}

	/**
	 * The fields among elements, and among those in their columns.
	 *
	 * @return Plugin_Field[]
	 */
	private static function fields( array $elements ): array {
		$fields = array();
		foreach ( $elements as $element ) {
			foreach ( (array) ( $element['columns'] ?? array() ) as $column ) {
				$fields = array_merge( $fields, self::fields( (array) ( $column['fields'] ?? array() ) ) );
			}
			$name = (string) ( $element['attributes']['name'] ?? '' );
			if ( '' !== $name && ! isset( $element['columns'] ) && 1 !== preg_match( self::LEFT_OUT, (string) $element['element'] ) ) {
				$fields = array_merge( $fields, self::field( $name, $element ) );
			}
		}
		return $fields;
	}

	/**
	 * The field, and its parts where it has several, such as a first and a last name; nothing for an agreement without a box to tick.
	 *
	 * @return Plugin_Field[]
	 */
	private static function field( string $name, array $element ): array {
		$settings = (array) ( $element['settings'] ?? array() ) + array(
			'label'             => '',
			'admin_field_label' => $name,
			'has_checkbox'      => false,
			'tnc_html'          => '',
			'advanced_options'  => array(),
		);
		$type     = (string) $element['element'];
		$label    = (string) $settings[ '' === $settings['label'] ? 'admin_field_label' : 'label' ];
		if ( in_array( $type, self::AGREEMENTS, true ) ) {
			return $settings['has_checkbox'] ? array( Plugin_Field::box( $name, $label, (string) $settings['tnc_html'] ) ) : array();
		}
		if ( 'input_checkbox' === $type && 1 === count( $settings['advanced_options'] ) ) {
			$ticked = array() !== array_filter( (array) ( $element['attributes']['value'] ?? array() ) );
			return array( Plugin_Field::box( $name, $label, (string) reset( $settings['advanced_options'] )['label'], $ticked ) );
		}
		$fields = array( new Plugin_Field( $name, $label, self::KINDS[ $type ] ?? Plugin_Field::TEXT ) );
		return array_merge( $fields, self::parts( $name, $label, (array) ( $element['fields'] ?? array() ) ) );
	}

	/**
	 * The parts of a field that the form shows.
	 *
	 * @return Plugin_Field[]
	 */
	private static function parts( string $name, string $label, array $inputs ): array {
		$parts = array();
		foreach ( $inputs as $part => $input ) {
			if ( ! empty( $input['settings']['visible'] ) ) {
				$parts[] = new Plugin_Field( "{$name}.{$part}", "{$label}: " . ( $input['settings']['label'] ?? $part ) );
			}
		}
		return $parts;
	}

	/**
	 * The values by our ids.
	 */
	private static function values( Plugin_Form $form, array $posted ): array {
		$values = array();
		foreach ( $form->ids() as $id ) {
			list( $name, $part ) = explode( '.', $id, 2 ) + array( '', '' );

			$values[ $id ] = '' === $part ? $posted[ $name ] ?? '' : $posted[ $name ][ $part ] ?? '';
		}
		return $values;
	}
}
