<?php
/**
 * Gravity Forms.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use GFAPI;

/**
 * Forms of Gravity Forms. The action gform_after_submission comes when the entry is stored; an entry that is spam says so.
 */
final class Gravity_Forms_Plugin implements Form_Plugin {

	/**
	 * What holds nothing that a visitor enters, or must stay on the site.
	 */
	private const LEFT_OUT = array( 'html', 'section', 'page', 'captcha', 'password', 'creditcard', 'submit', 'repeater', 'signature' );

	private const KINDS = array(
		'email'        => Plugin_Field::EMAIL,
		'textarea'     => Plugin_Field::MESSAGE,
		'post_content' => Plugin_Field::MESSAGE,
		'fileupload'   => Plugin_Field::FILE,
	);

	public function id(): string {
		return 'gravity';
	}

	public function name(): string {
		return 'Gravity Forms';
	}

	public function is_active(): bool {
		return class_exists( GFAPI::class );
	}

	public function forms(): array {
		return array_map( array( $this, 'form' ), GFAPI::get_forms() );
	}

	public function listen( callable $take ): void {
		add_action(
			'gform_after_submission',
			function ( $entry, $data ) use ( $take ): void {
				if ( 'spam' !== ( $entry['status'] ?? '' ) ) {
					$form = $this->form( (array) $data );
					$take( new Plugin_Submission( $form, self::values( $form, (array) $entry ), (string) ( $entry['source_url'] ?? '' ) ) );
				}
			},
			10,
			2
		);
	}

	private function form( array $data ): Plugin_Form {
		$fields = array();
		foreach ( (array) ( $data['fields'] ?? array() ) as $field ) {
			$fields = array_merge( $fields, self::fields( $field ) );
		}
		$id    = (int) ( $data['id'] ?? 0 );
		$title = (string) ( $data['title'] ?? '' );
		return new Plugin_Form( $this->id(), $id, $title, $fields, admin_url( "admin.php?page=gf_edit_forms&id={$id}" ) );
	}

	/**
	 * The field, and its parts where it has several, such as a first and a last name. A box is the field for consent, whose description is
	 * read with it, or checkboxes of which there is one.
	 *
	 * @param object $field Gravity Forms' field.
	 * @return Plugin_Field[]
	 */
	private static function fields( object $field ): array {
		$type  = (string) $field->get_input_type();
		$label = (string) $field->label;
		if ( in_array( $type, self::LEFT_OUT, true ) ) {
			return array();
		}
		$choices = (array) $field->choices;
		$inputs  = (array) $field->inputs;
		if ( 'consent' === $type ) {
			$words = trim( "{$field->checkboxLabel} {$field->description}" );
			return array( Plugin_Field::box( "{$field->id}.1", $label, $words ) );
		}
		if ( 'checkbox' === $type && 1 === count( $choices ) ) {
			$choice = reset( $choices );
			return array( Plugin_Field::box( "{$field->id}.1", $label, (string) $choice['text'], ! empty( $choice['isSelected'] ) ) );
		}
		$fields = array( new Plugin_Field( $field->id, $label, self::KINDS[ $type ] ?? Plugin_Field::TEXT ) );
		foreach ( in_array( $type, array( 'name', 'address' ), true ) ? $inputs : array() as $input ) {
			if ( empty( $input['isHidden'] ) ) {
				$fields[] = new Plugin_Field( (string) $input['id'], "{$label}: {$input['label']}" );
			}
		}
		return $fields;
	}

	/**
	 * The values by our ids. An entry has the parts of a field, such as 1.3 and 1.6, and not the whole: choices, or parts of a name.
	 */
	private static function values( Plugin_Form $form, array $entry ): array {
		$values = array();
		foreach ( $form->ids() as $id ) {
			$parts = array_filter(
				$entry,
				static fn( $value, $name ) => 0 === strpos( (string) $name, "{$id}." ) && '' !== $value,
				ARRAY_FILTER_USE_BOTH
			);
			$named = array() !== array_intersect( array_map( 'strval', array_keys( $parts ) ), $form->ids() );

			$values[ $id ] = $entry[ $id ] ?? ( $named ? $parts : array_values( $parts ) );
		}
		return $values;
	}
}
